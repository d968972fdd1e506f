import { openRoute } from "../../route.ts";
import { createSession } from "./contract.ts";
import { handleCreateSession } from "./create.ts";

export const sessionRoutes = [openRoute(createSession, handleCreateSession)];
