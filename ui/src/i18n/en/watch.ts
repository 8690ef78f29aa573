// The Watch page.
import type { Text } from '../text';

export const watch = {
  'strip.title': 'The watch · started {time} UTC',
  'strip.label':
    'Line of time. Left and Right go from mark to mark, plus and minus zoom, Shift with Left and Right moves, 0 shows everything, n goes to now.',
  'strip.every': 'every {span}',
  'strip.lasts': 'lasts',
  'strip.due': 'due {time} UTC · {state}',
  'strip.taken': 'taken {time} UTC',
  'strip.taken_late': 'taken late, {time} UTC',
  'strip.from_to': '{from} – {to}',
  'strip.at_for': '{place} · {long} · {state}',
  'strip.explained': 'explained by #{id}',
  'strip.gap': 'Gap',
  'strip.gap_counts': '{long} not seen; counts neither for nor against',
  'strip.several.check': { one: '{n} check', other: '{n} checks' },
  'strip.several.incident': { one: '{n} incident', other: '{n} incidents' },
  'strip.several.gap': { one: '{n} gap', other: '{n} gaps' },
  'strip.more': 'and {n} more',
  'strip.open': 'Enter or a click zooms in',
  'strip.tools': 'What the line of time shows',
  'strip.earlier': 'Earlier',
  'strip.later': 'Later',
  'strip.now': 'Now',
  'strip.all': 'All',
  'strip.farther': 'Zoom out',
  'strip.nearer': 'Zoom in',

  'alarm.since': 'since {time} UTC, {ago} ago',
  'alarm.was_open': 'since {time} UTC; open when the session ended',
  'alarm.was_open_paused': 'since {time} UTC; open when the watch was interrupted',
  'alarm.place': 'Where: {place}',
  'alarm.acknowledge': 'Acknowledge…',
  'alarm.acknowledged': 'Acknowledged by {by} at {time} UTC',
  'alarm.unacknowledged': 'Nobody has acknowledged it yet',
  'alarm.evidence': { one: 'Evidence ({n})', other: 'Evidence ({n})' },
  'alarm.by': 'by {time} UTC',
  'alarm.left': 'left',
  'alarm.overdue': 'overdue',
  'alarm.soon': 'left – hurry',
  'alarm.to_version': 'Roll back to v{version}',
  'alarm.record': 'Record as done…',
  'alarm.record_step': 'Record as done: {step}',
  'alarm.done': 'done {time} UTC by {by}',
  'alarm.now': 'Do now',
  'alarm.then': 'Then',
  'alarm.how_restart': 'docker restart {container}, or in Container Station',
  'alarm.not_done': 'Not done in time',
  'alarm.all_done': 'No step with a clock is left. Watch for recovery.',
  'alarm.more': { one: '{n} more critical incident', other: '{n} more critical incidents' },

  'open.title': { one: 'Open issue', other: 'Open issues' },
  'open.details': 'Details',

  'ladder.title': 'Where a fault would be',

  'critical.title': 'If it turns critical',
  'critical.what': 'Restart within {restart}, roll back within {roll_back}.',
  'critical.version': 'Roll back to v{version}.',
  'critical.no_version': 'No previous version is named in the configuration.',

  'roll_back.how': 'How…',
  'roll_back.open': 'How to roll back by hand…',
  'roll_back.text':
    'By hand, where the program is not to do it or cannot: where the Docker Engine runs, one step after another.',
  'roll_back.other_way':
    'Did Compose or Container Station make the container? Then give it the old image there, in place of steps 3 and 4 (and the new one again, in place of step 6).',
  'roll_back.database':
    'The database stays as the new version left it: if that has changed it, make sure that the old version can work with it.',
  'roll_back.find': 'Find the old image.',
  'roll_back.find_text':
    'Its name is REPOSITORY:TAG; if it has none, give it one: docker tag [id] [name]:[version]. If it is not in the list, nor in that of docker images -a, get it first: do not stop anything before.',
  'roll_back.look': 'See how the container was started.',
  'roll_back.look_text': 'Step 4 needs these again:',
  'roll_back.look_host':
    'HostConfig: the ports, the network and the restart policy. If AutoRemove is true, do not stop the container: Docker would remove it.',
  'roll_back.look_mounts':
    'Mounts: every volume by its Name, also where that is only a long number. What is left out starts empty, a database too.',
  'roll_back.look_config':
    'Config: of Env, Cmd and Labels only what was set by hand. The rest belongs to the new image.',
  'roll_back.aside': 'Put the failed container aside.',
  'roll_back.aside_text':
    'It is kept under another name, and does not start by itself. If that name is taken, nothing has been stopped: give the container that has it another one (docker rename), and repeat.',
  'roll_back.run': 'Start the old image in its place.',
  'roll_back.run_text':
    'Replace what stands in square brackets: [policy] and [config] by what step 2 shows, [old-image] by the name of step 1. Docker refuses brackets that were left in, but not a [config] that was only deleted: the container would start without its ports and its data. If the command fails, docker rm {container} comes before the next try.',
  'roll_back.record': 'Wait until the container is healthy, and record the step as done.',
  'roll_back.record_text':
    'Paste nothing of step 2 into the remark: it shows passwords and keys, and what is recorded stays.',
  'roll_back.back': 'If it does not come up, bring the failed one back.',
  'roll_back.back_text':
    'First write down what it said (docker logs). The old version is put aside as well; [policy] is again that of step 2.',

  'log.title': 'Monitoring log',
  'log.label': 'Monitoring log, the latest first',
  'log.newer': { one: '{n} new line', other: '{n} new lines' },
  'log.none': 'Nothing yet.',

  'rests.title': 'What it rests on',
  'rests.seen': '{percent} % of the time observed',
  'rests.need': '{percent} % needed',
  'rests.criteria': 'Criteria',
  'rests.confidence': 'Confidence',
  'rests.count': '{n} {word}',

  'since.title': 'New for you',
  'since.first': 'All of it so far',
  'since.time': 'since {time} UTC',
  'since.nothing': 'Nothing new.',
  'since.news': { one: '{n} new line in the log', other: '{n} new lines in the log' },
  'since.read': 'Mark as read',
  'since.owed': 'Waits for you',
  'since.nothing_owed': 'Nothing waits for you.',
  'owed.acknowledge': 'Acknowledge #{id}',
  'owed.judge': 'Confirm or dismiss incident #{id}',
  'owed.post_mortem': 'Find the root cause of #{id} and close it',
  'owed.tick': { one: '{n} line of {check} to look at', other: '{n} lines of {check} to look at' },
  'owed.resume': 'Resume the watch',
  'owed.sign_off': 'Read the report and sign off',

  'notice.gap': 'The watch does not see: {cause}, since {time} UTC, {ago} ago',
  'notice.gap_do.asleep': 'Keep this PC awake: the watch goes on by itself.',
  'notice.gap_do.closed': 'The watch goes on by itself.',
  'notice.gap_do.offline': 'Look at the network of this PC: the watch goes on by itself once it is there.',
  'notice.gap_do.network':
    'Look at the network between this PC and the NAS: the watch goes on by itself once there is a way.',
  'notice.gap_text': 'Nothing of this time counts for or against the deployment.',
  'notice.silent': 'The program has not answered since {time} UTC',
  'notice.silent_text':
    'What is shown is as old as that, and its clocks stand still. Look at the NAS yourself; quit the program in the tray and start it again: the session goes on where it was.',
  'notice.interrupted': 'Nobody watches. The watch ended before its plan did, at {time} UTC.',
  'notice.interrupted_text': 'Until you resume it, time passes as a gap.',
  'notice.resume': 'Resume the watch',
  'notice.concluded': 'The plan has run to its end. The verdict: {verdict}.',
  'notice.concluded_text': 'Read the report and decide.',
  'notice.report': 'To the report',
  'notice.signed_off': '{decision} by {by} on {time} UTC',

  'tile.group': 'Baselines',
  'tile.n': 'n {n}',
  'tile.under_way': 'in progress',
  'tile.chart':
    '{metric}, in the stretch that the line of time shows: lowest {min}, highest {max}, last {last} {unit}',
  'tile.failed': 'The chart cannot be read',
  'tile.old': 'Could not be read anew',
  'tile.no_data': 'no readings in this stretch',
  'tile.happened': { one: '{metric}: {n} occurrence', other: '{metric}: {n} occurrences' },
} satisfies Record<string, Text>;
