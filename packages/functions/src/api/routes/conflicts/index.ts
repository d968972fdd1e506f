import { adminRoute } from "../../route.ts";
import { listConflicts } from "./contract.ts";
import { handleListConflicts } from "./list.ts";

export const conflictRoutes = [adminRoute(listConflicts, handleListConflicts)];
