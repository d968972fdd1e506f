import { operatorPrincipal, type Statement } from "../../iam/statement.ts";
import { type AwsService, account } from "../../service.ts";
import { createFront } from "../front.ts";

/** The door to one service in one region, for one caller. */
export interface CallerFront {
  readonly url: string;
  /** For an SDK client: this door, a caller, and one attempt, so that a test sees each refusal. */
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** From now on the caller may do this and nothing else; until then everything, as an operator may. */
  allowOnly(...statements: readonly Statement[]): void;
  /** Errors that the service did not mean to throw. */
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

export async function startCallerFront(region: string, service: AwsService): Promise<CallerFront> {
  const operator = operatorPrincipal(account);
  let statements = operator.statements;
  const bugs: unknown[] = [];
  const front = await createFront({
    region,
    services: [service],
    principals: () => ({ ...operator, statements }),
    links: { cross: async () => {} },
    onBug: (bug) => bugs.push(bug),
  });
  return {
    url: front.url,
    client: {
      region,
      endpoint: front.url,
      credentials: { accessKeyId: "A", secretAccessKey: "s" },
      maxAttempts: 1,
    },
    allowOnly(...allowed) {
      statements = allowed;
    },
    bugs,
    close: () => front.close(),
  };
}
