import { Resource } from "sst";
import { answerEvents } from "../api/answer-events.ts";
import { checkoutDeps } from "../orders/selling-deps.ts";
import { createStripeWebhooks } from "../payments/create-stripe-webhooks.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import { linkedSecret } from "../platform/deployment.ts";
import { leaveAwayPeers, leaveSilentPeers } from "../platform/leave-away-peers.ts";
import { createRandomness } from "../platform/randomness.ts";
import { createSessions, parseKeySet } from "../platform/sessions.ts";
import { createCheckout } from "./create-checkout.ts";

const selling = checkoutDeps(Resource);
const deps = {
  ...selling,
  remote: leaveAwayPeers(selling.remote, systemClock),
  peers: leaveSilentPeers(selling.peers, systemClock),
  timer: systemDelay,
  sessions: createSessions(parseKeySet(linkedSecret(Resource, "SessionKeys"))),
  randomness: createRandomness(),
  webhooks: createStripeWebhooks({ secret: linkedSecret(Resource, "PaymentWebhookSecret") }),
};

export const handler = answerEvents(createCheckout(deps), deps);
