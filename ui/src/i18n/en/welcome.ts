// The page that the program begins with.
import type { Text } from '../text';

export const welcome = {
  'welcome.title': 'SMS Watchkeeper',
  'welcome.what':
    'It stands the 24-hour watch after a release of the Student Management System: scheduled checks, readings in between, the clock of a critical incident. At the end you have a verdict with its evidence, and a report that the release is signed off with.',
  'welcome.settings': 'Settings',
  'welcome.unseen': 'The session cannot be shown',
  'welcome.back': 'Back to {deployment}, v{version}',

  'welcome.demo': 'Try the demo day',
  'welcome.demo_text':
    'A simulated NAS with a simulated SMS, watched through the same checks as a real one. Nothing leaves this PC, and all of it is labelled as simulated.',
  'welcome.demo_day': 'What happens',
  'welcome.demo_speed': 'A day takes',
  'welcome.speed_2': '2 min',
  'welcome.speed_10': '10 min',
  'welcome.speed_60': '1 h',
  'welcome.speed_real': '24 h (real time)',
  'welcome.demo_start': 'Start the demo',

  'welcome.deployments': 'Watch my deployment',
  'welcome.deployments_none':
    'Tell it where the SMS runs and how to reach its Docker Engine. It tries each step of the way while you type, and says what to mend.',
  'welcome.set_up': 'Set up a deployment',
  'welcome.set_up_another': 'Set up another',
  'welcome.draft': 'A set-up was begun and left.',
  'welcome.draft_resume': 'Go on with the set-up',
  'welcome.account': 'Login check as {account}',
  'welcome.no_account': 'No login check',
  'welcome.watch': 'Watch',
  'welcome.watch_label': 'Watch {name}',
  'welcome.watching': 'Being watched now',
  'welcome.show': 'Open the watch',
  'welcome.show_label': 'Open the watch of {name}',
  'welcome.change': 'Change',
  'welcome.change_label': 'Change {name}',
  'welcome.remove': 'Remove',
  'welcome.remove_label': 'Remove {name}',

  'welcome.remove_title': 'Remove {name}?',
  'welcome.remove_text':
    'Its configuration is deleted, with all thresholds that were changed. The sessions that were recorded of it stay.',
  'welcome.remove_do': 'Remove the deployment',
  'welcome.removed': '{name} was removed',

  'welcome.replace_title': 'Drop the set-up that was left?',
  'welcome.replace_text':
    'One set-up is kept at a time. The one that was left is lost if you begin another now.',
  'welcome.replace_do': 'Drop it and begin',
  'welcome.replace_resume': 'Go on with the one that was left',

  'welcome.again_title': 'A session of v{version} is open',
  'welcome.again_text':
    'It was begun on {opened} UTC. Going on keeps everything recorded so far; the time since {last} UTC, when nobody watched, is written down as a gap. A new session begins a new 24 hours, and the open one stays as it is.',
  'welcome.again_on': 'Go on with it',
  'welcome.again_new': 'Start a new session',

  'welcome.sessions': 'Recorded sessions',
  'welcome.sessions_none': 'Nothing has been recorded yet.',
  'welcome.sessions_real': 'Without simulated ones',
  'welcome.session_of': 'v{version} on {deployment}',
  'welcome.session_opened': 'begun {time} UTC, last entry {last} UTC',
  'welcome.session_by': 'by {owner}',
  'welcome.session_simulated': 'Simulated: {scenario}',
  'welcome.session_speed': '{n} times as fast',
  'welcome.session_verdict': 'verdict: {verdict}',
  'welcome.session_shown': 'shown now',
  'welcome.open': 'Open',
  'welcome.open_label': 'Open v{version} on {deployment}, begun {time} UTC',
  'welcome.resume': 'Resume',
  'welcome.resume_label': 'Resume v{version} on {deployment}, begun {time} UTC',
  'welcome.more': { one: 'Show {n} more', other: 'Show {n} more' },
  'welcome.state.open': 'Not finished',
  'welcome.state.concluded': 'Sign-off owed',
  'welcome.state.approved': 'Approved',
  'welcome.state.rejected': 'Rejected',
  'welcome.watched.here': 'watched here',
  'welcome.watched.elsewhere': 'watched by another program',
  'welcome.watched.nobody': 'nobody watches',

  'welcome.unreadable': 'Configurations that cannot be read',
  'welcome.unreadable_text':
    'These files are left alone. Mend them with a text editor, or delete them and set the deployment up anew.',
  'welcome.anew': 'The program’s own files were begun anew',
  'welcome.anew_text':
    'What was kept in these files could not be read. Look through the settings, and see to it that what should be watched is. Nothing that was recorded is lost.',
  'welcome.reveal': 'Open the folder',
} satisfies Record<string, Text>;
