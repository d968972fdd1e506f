/** The same code as Failover's, heard by another topic: what is done follows from the news and from what the region sees. */
export { handler } from "../failover/handler.ts";
