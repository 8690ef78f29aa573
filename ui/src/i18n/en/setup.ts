// The set-up of a deployment.
import type { Text } from '../text';

export const setup = {
  'setup.title': 'Set up a deployment',
  'setup.title_change': 'Change {name}',
  'setup.intro':
    'What is typed is saved as it stands: leave whenever you like and go on later. While you type, the way from this PC to the database is tried.',
  'setup.required': 'Fields with * must be filled in.',

  'setup.section.address': 'Where the SMS is',
  'setup.section.docker': 'How Docker is reached',
  'setup.section.release': 'What was released',
  'setup.section.account': 'Login check',
  'setup.section.about': 'Names',

  'setup.url': 'Address of the SMS',
  'setup.url_hint': 'As a browser has it, such as http://nas.local:8080',
  'setup.ca_file': 'Certificate authority of the SMS',
  'setup.ca_file_hint':
    'Only where the SMS has an https certificate that this PC does not know: the PEM file of its authority. Else leave it empty.',
  'setup.pick_file': 'Choose a file…',
  'setup.pick_folder': 'Choose a folder…',

  'setup.docker_kind': 'The Docker Engine runs',
  'setup.docker_tcp': 'On the NAS, over the network',
  'setup.docker_tcp_text': 'The usual case. It needs three certificate files from the NAS.',
  'setup.docker_unix': 'On this PC (Linux)',
  'setup.docker_unix_text': 'Through its socket. No certificates.',
  'setup.docker_npipe': 'On this PC (Windows, Docker Desktop)',
  'setup.docker_npipe_text': 'Through its named pipe. No certificates.',
  'setup.docker': 'Address of the Docker Engine',
  'setup.docker_hint.tcp':
    'The name or the address of the NAS and the port, as a rule 2376: tcp://nas.local:2376',
  'setup.docker_hint.unix': 'As a rule unix:///var/run/docker.sock',
  'setup.docker_hint.npipe': 'As a rule npipe:////./pipe/docker_engine',
  'setup.certificates': 'Folder with the certificates',
  'setup.certificates_hint': 'It holds ca.pem, cert.pem and key.pem, under these names.',
  'setup.certificates_how': 'Where do I get them?',
  'setup.certificates_how_1': 'Open the NAS in a browser, and in it Container Station.',
  'setup.certificates_how_2': 'Go to Preferences, then Docker Certificate, and press Download.',
  'setup.certificates_how_3':
    'Unpack the file into a folder of its own that only you can read, and choose that folder here.',
  'setup.certificates_how_why':
    'Whoever has key.pem can command every container on the NAS: keep it out of e-mail, chats and shared folders.',
  'setup.container': 'Name of the container',
  'setup.beside': 'Front end and database run in containers of their own?',
  'setup.beside_text':
    'Named here they are watched with it: each has its own incidents, and the one that caused the trouble is named. Leave empty what does not run in a container of its own.',
  'setup.front_end_container': 'Container of the front end',
  'setup.database_container': 'Container of the database',
  'setup.container_hint':
    'As Container Station or docker ps shows it. With three containers: the one that runs the API.',

  'setup.version': 'Version under watch',
  'setup.version_hint': 'As the release has it, such as 1.15.1',
  'setup.previous': 'Version to roll back to',
  'setup.previous_hint': 'The one before it. It stands in the escalation plan; may be left empty.',
  'setup.running_title': 'What runs there is {running}, and not {version}',
  'setup.running_text':
    'That is right as long as {version} is still to be deployed. Else the watch would hold {running} against what {version} promised.',
  'setup.running_before':
    'It is the version to roll back to: {version} is not deployed yet. Deploy it before the watch starts, or its first check fails.',
  'setup.running_take': 'Watch {running}',
  'setup.repository': 'GitHub repository',
  'setup.repository_hint': 'Owner and name, such as bs1gr/AUT_MIEEK_SMS. May be left empty.',

  'setup.account_intro':
    'Each check can log in and list students, as a user would. A reader’s account is enough. Without one, a person tests by hand and ticks it.',
  'setup.email': 'E-mail address of the account',
  'setup.email_hint': 'May be left empty.',
  'setup.password': 'Its password',
  'setup.password_hint':
    'Goes straight into the keychain of this PC, and into no file. Use the right one: after five failures in five minutes the SMS locks out the whole address.',
  'setup.password_keep': 'Keep in the keychain',
  'setup.password_forget': 'Forget it',
  'setup.password_forget_title': 'Forget the password?',
  'setup.password_forget_text':
    'It is deleted from the keychain. The login check is left out until a password is there again.',
  'setup.password_forget_do': 'Delete from the keychain',
  'setup.password_needs_email': 'Type the e-mail address first.',
  'setup.password_environment':
    'The keychain of this PC cannot be used. Put the password of an account into the environment variable {name} before the program starts.',
  'setup.keychain_again': 'Look again',
  'setup.account_leave': 'Leave the account out',
  'setup.lack_title.missing': 'The watch will not start with this account',
  'setup.lack_title.no_keychain': 'The watch may not start with this account',
  'setup.lack_text.missing':
    'Its password is kept nowhere, and the watch does not start with an account whose password it does not have. It takes one of these:',
  'setup.lack_text.no_keychain':
    'The keychain of this PC does not answer: whether it has the password is not known, and the watch does not start without it. It takes one of these:',
  'setup.lack_password.missing': 'Type the password into its field: it goes into the keychain.',
  'setup.lack_password.no_keychain':
    'Unlock the keychain of this PC and look again; type the password only if it is missing.',
  'setup.lack_variable': 'Set the environment variable {name} before this program starts.',
  'setup.lack_leave.missing':
    'Leave the account out: empty its e-mail address. The login check is left out then, and a person tests by hand.',
  'setup.lack_leave.no_keychain':
    'Leave the account out: empty its e-mail address. The login check is left out then, and a person tests by hand. A password of it that is in the keychain is deleted.',
  'setup.lack_stay': 'To the password',
  'setup.lack_without': 'Finish without the account',
  'setup.account.none': 'No account: no login check',
  'setup.account.in_keychain': 'Password is in the keychain',
  'setup.account.in_environment': 'Password is in {name}',
  'setup.account.missing': 'No password is there yet',
  'setup.account.no_keychain': 'The keychain does not answer',
  'setup.account.unknown': 'Looking in the keychain…',

  'setup.name': 'Name of the deployment',
  'setup.name_hint': 'For people, such as QNAP Cyprus. It stands in the report.',
  'setup.environment': 'Environment',
  'setup.environment_hint': 'Such as production or staging',
  'setup.owner': 'Who stands the watch',
  'setup.owner_hint': 'It stands in the report.',

  'setup.ladder': 'The way there',
  'setup.ladder_label': 'The way from this PC to the database',
  'setup.ladder_looking': 'Trying…',
  'setup.ladder_again': 'Try again',
  'setup.ladder_empty': 'As soon as the addresses are there, each step of the way is tried and shown here.',
  'setup.ladder_stopped': 'Something that the way needs is not right yet; see the fields.',
  'setup.ladder_good': 'Every step works.',
  'setup.ladder_bad': { one: '{n} step does not work', other: '{n} steps do not work' },
  'setup.rung.good': 'works',
  'setup.rung.bad': 'does not work',
  'setup.rung.skipped': 'not tried',
  'setup.plain.this_pc': 'This PC has no network.',
  'setup.plain.network': 'There is no way to the NAS.',
  'setup.plain.nas': 'The NAS does not answer at this address.',
  'setup.plain.docker_engine': 'Docker does not answer, or does not let us in.',
  'setup.plain.container': 'The container is not as it should be.',
  'setup.plain.application': 'The SMS does not answer as it should.',
  'setup.plain.database': 'The SMS does not reach its database.',

  'setup.need.text': 'Please fill this in.',
  'setup.need.certificates':
    'An Engine on the network needs certificates, or anybody could command it. Please choose the folder.',
  'setup.missing': { one: '{n} field is not right yet:', other: '{n} fields are not right yet:' },
  'setup.ready': 'Everything is filled in.',
  'setup.saved': 'Saved',
  'setup.saving': 'Saving…',
  'setup.leave': 'Leave for now',
  'setup.discard': 'Discard',
  'setup.discard_title': 'Discard this set-up?',
  'setup.discard_text': 'What was typed is deleted. A deployment that is there already stays as it is.',
  'setup.discard_do': 'Discard',
  'setup.finish': 'Finish',
  'setup.finish_change': 'Save the changes',
  'setup.bad_title': 'Finish although a step does not work?',
  'setup.bad_text':
    'The NAS may be off just now; then this is fine. But if it is an address or a certificate that is wrong, the watch will see nothing, and all of that time is a gap.',
  'setup.bad_do': 'Finish all the same',
  'setup.bad_stay': 'Look again',
  'setup.nameless_title': 'Go on without the password?',
  'setup.nameless_text':
    'A password is typed, but not whose it is: the e-mail address of the account is missing or not right. Without it the password cannot be kept.',
  'setup.nameless_stay': 'To the e-mail address',
  'setup.nameless_do': 'Go on without it',
  'setup.done_title': '{name} is set up',
  'setup.done_text':
    'The watch takes 24 hours: it begins with the checks of hour 0. It goes on in the tray when the window is closed; the PC must stay on and awake.',
  'setup.done_lack.no_keychain':
    'The watch starts only once its account’s password is known, and the keychain does not answer. Unlock it, set {name} before this program starts, or leave the account out in the set-up.',
  'setup.done_lack.missing':
    'The watch does not start yet: nobody has the password of its account. Type it in the set-up, set {name} before this program starts, or leave the account out in the set-up.',
  'setup.done_running':
    'A session that runs now goes on with its old configuration. The change holds from the next one on.',
  'setup.done_now': 'Start the watch now',
  'setup.done_later': 'Later',
} satisfies Record<string, Text>;
