import { expect, test } from "vitest";
import { editsBatch } from "./edits-batch.ts";
import { dispatch } from "./stream-bench.ts";

test("a batch is as long as asked, every record is applied, and every conflict goes to the feed", async () => {
  const batch = editsBatch(50);
  const { sums } = await dispatch(batch);
  expect(batch).toMatchObject({ records: 50, conflicts: 10 });
  expect(sums.get("RecordsApplied")).toBe(50);
  expect(sums.get("RecordsFailed")).toBe(undefined);
  expect(sums.get("ConflictsFed")).toBe(10);
});
