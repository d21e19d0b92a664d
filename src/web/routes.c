#include "web/route.h"

/* One table a file of handlers; a NULL path ends each. */
extern const struct web_route web_api_routes[], web_evidence_routes[], web_feedback_routes[],
	web_feedback_act_routes[], web_feedback_page_routes[], web_guide_routes[],
	web_login_routes[], web_market_routes[], web_node_routes[], web_node_page_routes[],
	web_nonce_routes[], web_price_routes[], web_price_push_routes[], web_push_routes[],
	web_record_routes[], web_view_routes[];

const struct web_route *const web_route_tables[] = {
	web_api_routes,
	web_evidence_routes,
	web_feedback_routes,
	web_feedback_act_routes,
	web_feedback_page_routes,
	web_guide_routes,
	web_login_routes,
	web_market_routes,
	web_node_routes,
	web_node_page_routes,
	web_nonce_routes,
	web_price_routes,
	web_price_push_routes,
	web_push_routes,
	web_record_routes,
	web_view_routes,
	NULL,
};
