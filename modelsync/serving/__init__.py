"""The inference server of one model and the router in front of all of them."""
