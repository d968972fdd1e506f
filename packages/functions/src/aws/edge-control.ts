import { err, type OriginOrder, ok, type Result } from "@antipode/core";
import {
  type CloudFrontClient,
  type DistributionConfig,
  GetDistributionConfigCommand,
  InvalidIfMatchVersion,
  ListDistributionsCommand,
  PreconditionFailed,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import type { Changed, EdgeControl } from "../failover/ports.ts";
import { reasonOf } from "./reason.ts";

/** As infra/cdn.ts names them. */
const groupId = "catalog";
const membersByOrder: Readonly<Record<OriginOrder, readonly [string, string]>> = {
  "nearest-first": ["api-read", "alt-read"],
  "alternate-first": ["alt-read", "api-read"],
};

/** ms for all of it, with the SDK's attempts. */
const orderWithinMs = 45_000;

/** How long a call may take: as long as all of them. */
type Within = { readonly abortSignal: AbortSignal };

/** Someone else changed the distribution between our reading and writing it. */
const racesMax = 3;

/** Pages of an account's distributions, of a hundred each. */
const pagesMax = 20;

/** The distribution that answers for the shop's own name: only the home stage knows its id. */
async function findDistribution(
  client: CloudFrontClient,
  domain: string,
  within: Within,
): Promise<string | undefined> {
  let marker: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { DistributionList: list } = await client.send(
      new ListDistributionsCommand(marker === undefined ? {} : { Marker: marker }),
      within,
    );
    const found = list?.Items?.find(({ Aliases }) => Aliases?.Items?.includes(domain) === true);
    if (found?.Id !== undefined || list?.IsTruncated !== true) {
      return found?.Id;
    }
    marker = list.NextMarker;
  }
  return undefined;
}

/** The origins of the group, as they stand. */
function membersOf(config: DistributionConfig): readonly (string | undefined)[] {
  const group = config.OriginGroups?.Items?.find(({ Id }) => Id === groupId);
  return group?.Members?.Items?.map(({ OriginId }) => OriginId) ?? [];
}

/** The whole configuration with the group's origins in that order. */
function reordered(config: DistributionConfig, members: readonly string[]): DistributionConfig {
  const Members = { Quantity: members.length, Items: members.map((OriginId) => ({ OriginId })) };
  const Items = (config.OriginGroups?.Items ?? []).map((one) =>
    one.Id === groupId ? { ...one, Members } : one,
  );
  return { ...config, OriginGroups: { Quantity: Items.length, Items } };
}

/** CloudFront takes whole configurations only, for the version that was read. */
export function createEdgeControl(client: CloudFrontClient, domain: string): EdgeControl {
  async function attempt(Id: string, order: OriginOrder, within: Within): Promise<Result<Changed, string>> {
    const read = await client.send(new GetDistributionConfigCommand({ Id }), within);
    const config = read.DistributionConfig;
    if (config === undefined || read.ETag === undefined) {
      return err(`${Id} has no configuration`);
    }
    const members = membersByOrder[order];
    const stands = membersOf(config);
    if (stands.length !== members.length || members.some((member) => !stands.includes(member))) {
      return err(`${Id} has no origin group ${groupId} of ${members.join(" and ")}`);
    }
    if (stands[0] === members[0]) {
      return ok({ note: `origins of ${Id}: ${order}, as they were` });
    }
    const next = reordered(config, members);
    await client.send(
      new UpdateDistributionCommand({ Id, IfMatch: read.ETag, DistributionConfig: next }),
      within,
    );
    return ok({ note: `origins of ${Id}: ${order}, on its way to the edges` });
  }

  return {
    async order(order) {
      const within: Within = { abortSignal: AbortSignal.timeout(orderWithinMs) };
      try {
        const id = await findDistribution(client, domain, within);
        if (id === undefined) {
          return err(`no distribution answers for ${domain}`);
        }
        for (let race = 1; ; race += 1) {
          try {
            return await attempt(id, order, within);
          } catch (error) {
            const isRace = error instanceof PreconditionFailed || error instanceof InvalidIfMatchVersion;
            if (!isRace || race === racesMax) {
              throw error;
            }
          }
        }
      } catch (error) {
        return err(reasonOf(error));
      }
    },
  };
}
