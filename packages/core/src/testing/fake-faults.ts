import type { StorageError } from "../ports/items.ts";
import { err, type Result } from "../result/result.ts";

export interface Faults {
  /** The next calls whose operation begins so fail; the write takes effect first when `after` says so. */
  failNext(operation: string, error: StorageError, options?: { times?: number; after?: boolean }): void;
  /** The operations so far, for example `UpdateItem Carts`. */
  readonly operations: readonly string[];
}

interface Fault {
  readonly operation: string;
  readonly error: StorageError;
  readonly after: boolean;
  left: number;
}

/** Runs the calls of a fake: books each, and lets those fail that a test said. */
export interface FaultyCalls extends Faults {
  run<T>(operation: string, call: () => Result<T, StorageError>): Promise<Result<T, StorageError>>;
}

export function createFaultyCalls(): FaultyCalls {
  const faults: Fault[] = [];
  const operations: string[] = [];
  return {
    operations,
    failNext(operation, error, { times = 1, after = false } = {}) {
      faults.push({ operation, error, after, left: times });
    },
    async run(operation, call) {
      operations.push(operation);
      const fault = faults.find(
        (candidate) => operation.startsWith(candidate.operation) && candidate.left > 0,
      );
      if (fault === undefined) {
        return call();
      }
      fault.left -= 1;
      if (fault.after) {
        call();
      }
      return err(fault.error);
    },
  };
}
