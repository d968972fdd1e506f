import { paymentsConformance } from "../testing/payments-conformance/payments-conformance.ts";
import { openSandboxProvider } from "../testing/payments-conformance/sandbox-provider.ts";

paymentsConformance("Stripe's SDK over the sandbox", openSandboxProvider);
