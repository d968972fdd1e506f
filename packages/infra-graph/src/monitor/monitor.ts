import type { Monitor, Pulumi, Reply } from "./pulumi.ts";
import type { Recorder } from "./recorder.ts";

/** Runs an asynchronous answer and hands its result, or what it threw, to Pulumi's callback. */
function answer(reply: Reply, work: () => Promise<unknown>): void {
  work().then(
    (response) => reply(null, response),
    (error: unknown) => reply(error instanceof Error ? error : new Error(String(error))),
  );
}

/**
 * Puts the recorder behind Pulumi's runtime. Pulumi's own mock monitor is only its host: it forms URNs that break
 * the types of SST's links, hides parents, and lets two resources have one name.
 */
export async function installMonitor(
  pulumi: Pulumi,
  recorder: Recorder,
  app: string,
  stage: string,
): Promise<void> {
  await pulumi.runtime.setMocks(
    { newResource: () => ({}), call: () => ({}) },
    app,
    stage,
    false,
    "organization",
  );
  const host = pulumi.runtime.getMonitor();

  const monitor: Monitor = {
    registerResource: (request, reply) =>
      answer(reply, async () => {
        const inputs = pulumi.deserialize(request.getObject?.());
        const resource = recorder.record({
          kind: request.getCustom?.() ? "custom" : "component",
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          provider: request.getProvider(),
          inputs,
        });
        const state = await pulumi.serialize({ ...inputs, ...resource.outputs });
        host.resources.set(resource.urn, { urn: resource.urn, id: resource.id || null, state });
        const response = pulumi.message("register");
        response.setUrn(resource.urn);
        response.setId(resource.id);
        response.setObject(pulumi.struct(state));
        return response;
      }),
    readResource: (request, reply) =>
      answer(reply, async () => {
        const inputs = pulumi.deserialize(request.getProperties?.());
        const resource = recorder.record({
          kind: "read",
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          provider: request.getProvider(),
          id: request.getId?.() ?? "",
          inputs,
        });
        const state = await pulumi.serialize({ ...inputs, ...resource.outputs });
        host.resources.set(resource.urn, { urn: resource.urn, id: resource.id, state });
        const response = pulumi.message("read");
        response.setUrn(resource.urn);
        response.setProperties(pulumi.struct(state));
        return response;
      }),
    registerResourceOutputs: (request, reply) =>
      answer(reply, async () => {
        recorder.registerOutputs(request.getUrn(), pulumi.deserialize(request.getOutputs()));
        return {};
      }),
    invoke: (request, reply) =>
      answer(reply, async () => {
        const outputs = recorder.call(
          request.getTok(),
          request.getProvider(),
          pulumi.deserialize(request.getArgs()),
        );
        const response = pulumi.message("invoke");
        response.setReturn(pulumi.struct(await pulumi.serialize({ ...outputs })));
        return response;
      }),
  };
  Object.assign(host, monitor);
}
