import { afterEach } from "vitest";
import { type FakeAws, type FakeAwsAnswer, type FakeAwsRequest, startFakeAws } from "./fake-aws.ts";

export type FakeAwsAnswers = (request: FakeAwsRequest) => FakeAwsAnswer | "hang-up" | undefined;

/** A fake AWS for a test's clients, one at a time; closed after each test. */
export function useFakeAws() {
  let server: FakeAws | undefined;
  const close = () => server?.close();
  afterEach(close);
  return {
    /** What a client of it takes. The one before is closed. */
    async options(answer: FakeAwsAnswers) {
      close();
      server = await startFakeAws(answer);
      return {
        region: "us-east-1",
        endpoint: server.endpoint,
        maxAttempts: 1,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      };
    },
    requests: () => server?.requests ?? [],
  };
}

export const xmlAnswer = (body: string, headers = {}): FakeAwsAnswer => ({
  status: 200,
  headers: { "content-type": "text/xml", ...headers },
  body,
});
