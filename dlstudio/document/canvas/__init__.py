"""The canvas as values: cards, ports, boxes, routes and layouts. Independent of Qt."""
