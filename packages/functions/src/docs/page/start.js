// Runs in the browser, after the bundle that defines SwaggerUIBundle.
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null, // by default the page asks swagger.io about the document
});
