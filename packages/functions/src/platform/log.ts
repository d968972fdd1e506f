import { Logger } from "@aws-lambda-powertools/logger";
import type { Deployment } from "./deployment.ts";

/** `region` and `environment` are those of whoever logs, in every line: another region is a `peer`, or has a name of its own. */
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly region?: never;
  readonly environment?: never;
};

/** Structured logs. An `Error` goes under `error`. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** One JSON line per entry, each with the environment and region. */
export function createLog(deployment: Deployment): Log {
  const logger = new Logger({
    persistentKeys: { environment: deployment.environment, region: deployment.region },
  });
  return {
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields = {}) => logger.error(message, { ...fields }),
  };
}
