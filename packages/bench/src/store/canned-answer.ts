/** A store that always says the same: answers by `<operation> <table>`, as JSON text. */
export type CannedAnswers = Readonly<Record<string, string>>;

/** What an operation or table that is not in the list answers: no item, nothing written. */
const nothing = JSON.stringify({ Items: [], Count: 0, ScannedCount: 0 });

/** `target` is the request's `x-amz-target`, for example `DynamoDB_20120810.GetItem`. */
export function cannedAnswer(answers: CannedAnswers, target: string, body: string): string {
  const operation = target.slice(target.indexOf(".") + 1);
  const { TableName: table } = JSON.parse(body) as { TableName?: string };
  return answers[`${operation} ${table}`] ?? nothing;
}
