/**
 * What wakes people: one page for one fault, however many alarms it raises. A composite alarm's rule names the alarms that
 * say the same thing; where the region as a whole is unwell, what follows from that is not told besides.
 */
import { evidence } from "./alarms-evidence.ts";
import { watchedPeers } from "./alarms-peers.ts";
import { shopFunctionErrors, work } from "./alarms-work.ts";
import { stageName } from "./stage.ts";
import { alarmsTopic } from "./topics.ts";

type Alarms = readonly aws.cloudwatch.MetricAlarm[];

const raised = ({ name }: aws.cloudwatch.MetricAlarm) => $interpolate`ALARM("${name}")`;
const anyOf = (rules: $util.Output<string>[]) => $util.all(rules).apply((all) => all.join(" OR "));

interface Page {
  runbook: string;
  says: string;
  rule: $util.Input<string>;
  suppressor?: aws.cloudwatch.CompositeAlarm;
}

function page(name: string, { runbook, says, rule, suppressor }: Page) {
  return new aws.cloudwatch.CompositeAlarm(name, {
    alarmName: stageName(name),
    alarmDescription: `${says} Runbook: docs/operating/runbooks/${runbook}.md`,
    alarmRule: rule,
    alarmActions: [alarmsTopic.arn],
    okActions: [alarmsTopic.arn],
    ...(suppressor
      ? {
          // Waits that long for the greater trouble to show, and that long after it for its consequences to end.
          actionsSuppressor: { alarm: suppressor.alarmName, waitPeriod: 120, extensionPeriod: 300 },
        }
      : {}),
  });
}

const ofRegion: Alarms = [...evidence, shopFunctionErrors];
const regionUnwell = page("RegionUnwell", {
  runbook: "region-unwell",
  says: "Shoppers of this region get errors, or wait.",
  rule: anyOf(ofRegion.map(raised)),
});

page("WorkBehind", {
  runbook: "work-behind",
  says: "Something that this region does by itself fails or is behind.",
  rule: anyOf(work.map(raised)),
  suppressor: regionUnwell,
});

// A region that cannot be reached at all is told of by its own alarm, and replication to it is the same fault.
const slow = watchedPeers.filter(({ isPartner }) => isPartner);
if (slow.length > 0) {
  page("ReplicationBehind", {
    runbook: "replication-behind",
    says: "Another region gets this region's writes late, or not at all.",
    rule: anyOf(slow.map((peer) => $interpolate`(${raised(peer.slow)} AND NOT ${raised(peer.failing)})`)),
  });
}
