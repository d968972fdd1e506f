/** One route of an HTTP API: `$default`, `GET /v1/products/{id}`, `ANY /{proxy+}`. */
export interface Route {
  readonly routeKey: string;
  readonly functionArn: string;
}

export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface ParsedRoute {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
}

export type Router = (method: string, path: string) => RouteMatch | undefined;

/** API Gateway's order: a full match, then a greedy one, then `$default`; a named method before `ANY`. */
export function createRouter(routes: readonly Route[]): Router {
  const fallback = routes.find((route) => route.routeKey === "$default");
  const parsed = routes.filter((route) => route !== fallback).map(parseRoute);
  const ordered = parsed.sort((left, right) => compareRanks(rank(left), rank(right)));
  return (method, path) => {
    const segments = splitPath(path);
    for (const candidate of ordered) {
      if (candidate.method !== "ANY" && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, segments);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function parseRoute(route: Route): ParsedRoute {
  const [method, path] = route.routeKey.split(" ");
  if (!method || !path?.startsWith("/")) {
    throw new Error(`not a route key: ${route.routeKey} (it is $default, or a method and a path)`);
  }
  return { route, method, segments: splitPath(path) };
}

function splitPath(path: string): readonly string[] {
  return path.split("/").slice(1);
}

const isGreedy = (segment: string) => segment.startsWith("{") && segment.endsWith("+}");
const isVariable = (segment: string) => segment.startsWith("{") && segment.endsWith("}");

/** Smaller goes first. Literal segments before variables, variables before greedy, longer before shorter. */
function rank({ segments, method }: ParsedRoute): readonly number[] {
  const kinds = segments.map((segment) => (isGreedy(segment) ? 2 : isVariable(segment) ? 1 : 0));
  return [kinds.includes(2) ? 1 : 0, ...kinds, 3, method === "ANY" ? 1 : 0];
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const actual = segments[index];
    if (isGreedy(wanted)) {
      const rest = segments.slice(index).join("/");
      if (rest === "") return undefined;
      parameters[wanted.slice(1, -2)] = rest;
      return parameters;
    }
    if (actual === undefined || actual === "") {
      if (wanted !== actual) return undefined;
    } else if (isVariable(wanted)) {
      parameters[wanted.slice(1, -1)] = actual;
    } else if (wanted !== actual) {
      return undefined;
    }
  }
  return segments.length === pattern.length ? parameters : undefined;
}
