/**
 * The API's specification and its page, on the same HTTP API. A function of its own, so that nothing of it is loaded
 * where shoppers wait; it reads its own package and nothing else.
 */
import { api } from "./api.ts";
import { deploymentLink } from "./deployment.ts";
import { regionalFunction } from "./function.ts";

const own = "packages/functions/src/docs";
const swaggerUi = "node_modules/swagger-ui-dist";

const files = [
  `${own}/openapi.json`,
  `${own}/page/index.html`,
  `${own}/page/start.js`,
  `${swaggerUi}/swagger-ui-bundle.js`,
  `${swaggerUi}/swagger-ui-bundle.js.LICENSE.txt`,
  `${swaggerUi}/swagger-ui.css`,
  `${swaggerUi}/favicon-32x32.png`,
];

const docsFunction = regionalFunction("Docs", {
  handler: `${own}/handler.handler`,
  description: "Serves the API's specification and its page",
  link: [deploymentLink],
  permissions: [],
  copyFiles: files.map((from) => ({ from, to: `files/${from.slice(from.lastIndexOf("/") + 1)}` })),
  timeout: "10 seconds",
  memory: "512 MB",
});

// Every method, so that the function answers HEAD and refuses the others: what is not routed goes to the API.
for (const path of ["/openapi.json", "/docs", "/docs/{proxy+}"]) api.route(`ANY ${path}`, docsFunction.arn);
