/*
 * Lines of test/scene.h about collectives: points of a curve, and ranks.
 */
#pragma once

/* What a way has: its ranks and nodes. */
#define WAY(way, ranks, nodes)                                 \
	"test.collective.ranks collective:" way " " ranks "\n" \
	"test.collective.nodes collective:" way " " nodes "\n"

/* "all-reduce:nvlink/1048576", seconds, bytes per second. */
#define POINT(point, time, busbw)                              \
	"test.collective.time collective:" point " " time "\n" \
	"test.collective.busbw collective:" point " " busbw "\n"

/* What the point's ranks hold. */
#define RESULT(point, checked, wrong)                                \
	"test.collective.checked collective:" point " " checked "\n" \
	"test.collective.wrong collective:" point " " wrong "\n"

/* Alpha 20 us and 480 GB/s, 8 ranks: time = 20e-6 + bytes * 1.75 / 480e9. */
#define FAST_CURVE(way)                                                    \
	WAY(way, "8", "1")                                                 \
	POINT("all-reduce:" way "/1048576", "2.38229e-05", "7.70258e10")   \
	POINT("all-reduce:" way "/16777216", "8.11669e-05", "3.61725e11")  \
	POINT("all-reduce:" way "/268435456", "9.98671e-04", "4.70388e11") \
	POINT("all-reduce:" way "/1073741824", "3.93468e-03", "4.77560e11")

/* The same of 365 GB/s, a ring's. */
#define RING_CURVE(way)                                                    \
	WAY(way, "8", "1")                                                 \
	POINT("all-reduce:" way "/1048576", "2.50274e-05", "7.33187e10")   \
	POINT("all-reduce:" way "/16777216", "1.00439e-04", "2.92318e11")  \
	POINT("all-reduce:" way "/268435456", "1.30702e-03", "3.59415e11") \
	POINT("all-reduce:" way "/1073741824", "5.16809e-03", "3.63588e11")
