"""The Werkstatt: courses written in the browser, reviewed, published as releases; values of single towns."""
