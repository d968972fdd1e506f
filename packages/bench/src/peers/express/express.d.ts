/** The parts of Express 5 that the peer uses; Express ships no types. */
declare module "express" {
  namespace express {
    interface Request {
      readonly method: string;
      readonly path: string;
      readonly headers: { readonly [name: string]: string | undefined };
      readonly params: { readonly [name: string]: string };
      readonly body: unknown;
    }
    interface Response {
      readonly statusCode: number;
      status(status: number): Response;
      set(headers: Readonly<Record<string, string>>): Response;
      send(body: string): Response;
      on(event: "finish", listener: () => void): Response;
    }
    type Handler = (request: Request, response: Response, next: () => void) => unknown;
    type ErrorHandler = (
      error: { readonly status?: number },
      request: Request,
      response: Response,
      next: () => void,
    ) => unknown;
    interface Application {
      disable(setting: string): void;
      use(handler: Handler): void;
      use(handler: ErrorHandler): void;
      get(path: string, handler: Handler): void;
      post(path: string, handler: Handler): void;
      (request: object, response: object): void;
    }
  }
  interface Express {
    (): express.Application;
    json(options: { readonly limit: string }): express.Handler;
  }
  const express: Express;
  export = express;
}
