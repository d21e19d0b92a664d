/*
 * The scripts that pages may load, as text made at build time. uPlot is empty when it was not there
 * to be embedded: curves are then the drawings alone.
 */
#pragma once

extern const char script_assay_js[], script_curves_js[], script_uplot_js[], script_uplot_css[];
