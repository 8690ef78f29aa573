// The set-up of the way to the Docker Engine.
import type { Text } from '../text';

export const docker = {
  'setup.docker_ssh': 'On the NAS, by SSH',
  'setup.docker_ssh_text':
    'With an account of the NAS, as docker -H ssh://… does. No port of Docker has to be open.',
  'setup.docker_hint.ssh':
    'The NAS as ssh knows it: ssh://admin@nas.local, with :port where it is not 22, and the path of docker.sock where it is not /var/run/docker.sock',
  'setup.docker_forms': 'Which forms are there?',
  'setup.docker_forms_text':
    'It is written as in DOCKER_HOST, in docker -H, and under DOCKER ENDPOINT in docker context ls.',
  'setup.docker_form.tcp': 'tcp://nas.local:2376',
  'setup.docker_form.ssh': 'ssh://admin@nas.local[:port][/path/of/docker.sock]',
  'setup.docker_form.unix': 'unix:///var/run/docker.sock',
  'setup.docker_form.npipe': 'npipe:////./pipe/docker_engine',
  'setup.docker_means.tcp':
    'The Engine listens on a port of the NAS. With 2376 it asks for certificates (docker --tlsverify); with 2375 as a rule it asks for nothing.',
  'setup.docker_means.ssh':
    'By SSH to the NAS, and there to its socket; where the NAS does not forward to it, its own docker is run.',
  'setup.docker_means.unix': 'The socket of an Engine on this PC, under Linux.',
  'setup.docker_means.npipe': 'The named pipe of Docker Desktop on this PC, under Windows.',

  'setup.protection': 'The port is protected by',
  'setup.protection_folder': 'Certificates in a folder',
  'setup.protection_folder_text':
    'ca.pem, cert.pem and key.pem lie on this PC already, as in DOCKER_CERT_PATH.',
  'setup.protection_pasted': 'Certificates that I paste',
  'setup.protection_pasted_text': 'Their texts are checked here and kept in a folder that only you can read.',
  'setup.protection_none': 'Nothing',
  'setup.protection_none_text': 'The port takes commands from everybody. Only with your consent.',
  'setup.certificates_how_paste':
    'Unpack the file, open each of the three in a text editor, and paste it here.',
  'setup.paste_intro':
    'Paste all three from the same NAS, each from its BEGIN line to its END line. They are kept in the data folder, for your account alone.',
  'setup.pem_name.ca': 'the authority’s certificate',
  'setup.pem_name.cert': 'this PC’s own certificate',
  'setup.pem_name.key': 'its private key',
  'setup.pem.certificates': { one: '{n} certificate', other: '{n} certificates' },
  'setup.pem.private_key': 'A private key',
  'setup.pem.locked_key':
    'A private key with a passphrase: Docker’s keys have none. Take key.pem as the NAS hands it out.',
  'setup.pem.other': 'This is something else: {word}.',
  'setup.pem.cut': 'A BEGIN or END line is missing or torn: paste all of the file.',
  'setup.pem.no_pem': 'This is no PEM text: it has no BEGIN line.',
  'setup.pem_want.key': 'The private key belongs here: the text of key.pem.',
  'setup.pem_want.cert': 'A certificate belongs here; the key belongs below, into key.pem.',
  'setup.paste_keep': 'Check and keep them',
  'setup.paste_kept': 'The three belong together and are kept.',
  'setup.paste_kept_until':
    'The three belong together and are kept. This PC’s certificate holds until {day}.',

  'setup.consent_title': 'Whoever reaches this port is root on the NAS',
  'setup.consent_root':
    'An Engine without certificates takes commands from everybody who reaches its port: every PC, phone and guest of that network can start, change and delete every container, read every file of the NAS, and take it over.',
  'setup.consent_read': 'And everything on the way can be read and changed by whoever is on it.',
  'setup.consent_instead': 'Better: certificates, or SSH. Consent only where the network is yours alone.',
  'setup.consent': 'I consent: whoever reaches this port is root on this NAS',
  'setup.consent_hint':
    'It holds for this address alone, and stands in the configuration as docker_unprotected.',
  'setup.consent_loopback': 'Only this PC reaches this address: it needs no certificates.',

  'setup.ssh_user': 'Account on the NAS',
  'setup.ssh_user_hint':
    'The one that stands before the @. It must be allowed to use SSH and Docker: on a QNAP an administrator.',
  'setup.ssh_way': 'This PC shows the NAS',
  'setup.ssh_agent': 'A key of the SSH agent, or one in ~/.ssh',
  'setup.ssh_agent_text':
    'As ssh itself does: first the agent (on Windows OpenSSH’s or Pageant), then id_ed25519, id_ecdsa, id_rsa.',
  'setup.ssh_key_way': 'The key in a file',
  'setup.ssh_key_way_text': 'As ssh -i does.',
  'setup.ssh_password_way': 'The password of the account',
  'setup.ssh_password_way_text': 'It is tried only where no key is taken.',
  'setup.ssh_key': 'File of the private key',
  'setup.ssh_key_hint': 'Such as ~/.ssh/id_ed25519: the file without .pub, which only you can read.',
  'setup.ssh_secret.password': 'Password of the account on the NAS',
  'setup.ssh_hint.password':
    'Goes straight into the keychain of this PC, and into no file; it is never shown to another NAS. Use the right one: a NAS may lock out this PC after a few failures.',
  'setup.ssh_forget.password':
    'It is deleted from the keychain. Where the NAS takes no key, the watch does not reach its Docker any more.',
  'setup.ssh_state.password.in_keychain': 'Password is in the keychain',
  'setup.ssh_state.password.in_environment': 'Password is in {name}',
  'setup.ssh_state.password.missing': 'No password is there yet',
  'setup.ssh_state.password.no_keychain': 'The keychain does not answer',
  'setup.ssh_state.password.unknown': 'Looking in the keychain…',
  'setup.ssh_secret.passphrase': 'Passphrase of the key',
  'setup.ssh_hint.passphrase':
    'Only where the key has one. Goes straight into the keychain of this PC, and into no file.',
  'setup.ssh_forget.passphrase':
    'It is deleted from the keychain. A key with a passphrase is not read without it.',
  'setup.ssh_state.passphrase.in_keychain': 'Passphrase is in the keychain',
  'setup.ssh_state.passphrase.in_environment': 'Passphrase is in {name}',
  'setup.ssh_state.passphrase.missing': 'No passphrase is kept',
  'setup.ssh_state.passphrase.no_keychain': 'The keychain does not answer',
  'setup.ssh_state.passphrase.unknown': 'Looking in the keychain…',
  'setup.ssh_needs_user': 'Write the account on the NAS first.',
  'setup.ssh_no_keychain':
    'Unlock the keychain and look again; where there is none, set the environment variable {name} before this program starts.',
  'setup.ssh_secret_here': 'Or type it here in the set-up: it goes into the keychain.',
  'setup.docker_path': 'Path of docker on the NAS',
  'setup.docker_path_hint':
    'May be left empty: it is needed only where the NAS does not forward to the socket and its docker lies in an unusual place.',
  'setup.ssh_how': 'How do I prepare the NAS?',
  'setup.ssh_how_1':
    'Switch SSH on: on a QNAP under Control Panel → Network & File Services → Telnet / SSH. The port stands there, too.',
  'setup.ssh_how_2': 'Make a key on this PC where there is none: ssh-keygen -t ed25519',
  'setup.ssh_how_3': 'Put the line of its .pub file into ~/.ssh/authorized_keys of the account on the NAS.',
  'setup.ssh_how_why':
    'A key is better than a password: it is never sent, and can be taken back by deleting that line.',

  'setup.host_new': 'Is this your NAS?',
  'setup.host_new_text':
    'This PC has not met it by SSH before. Nothing is sent to it until you have compared its host key and trust it: in between there could be somebody else who answers in its place.',
  'setup.host_shown': 'It shows now',
  'setup.host_compare': 'Run this on the NAS itself, and compare what it prints, character by character:',
  'setup.host_else': 'If it differs, or you cannot look: leave it, and ask whoever set the NAS up.',
  'setup.host_trust': 'The fingerprints are the same: trust this NAS',
  'setup.host_changed': 'Danger: the NAS shows another host key than before',
  'setup.host_changed_text':
    'It is not the key that was trusted: somebody may be answering in the place of your NAS, to read what you send and to take it over. Nothing was sent, and this set-up cannot be finished like this.',
  'setup.host_known': 'It was trusted with',
  'setup.host_changed_do': 'Only if you know that the NAS was set up anew or has got another key:',
  'setup.host_changed_1': 'Ask whoever looks after the NAS whether and when that was.',
  'setup.host_changed_2': 'Delete line {line} of {file}.',
  'setup.host_changed_3': 'Try again: the new key is shown then, to be compared like that of a new NAS.',
  'setup.host_changed_else': 'Otherwise do not connect from this network.',
  'setup.host_refused': 'Refused:',

  'setup.need.consent': 'Please choose certificates or SSH, or consent.',
  'setup.need.ssh_user': 'Please write the account on the NAS: it is never guessed.',
  'setup.need.ssh_key': 'Please choose the file of the private key.',
  'setup.nameless_ssh':
    'What opens the NAS by SSH is typed, but not for whom: the account on the NAS is missing in the address. Without it nothing can be kept.',
  'setup.nameless_stay_ssh': 'To the account',
} satisfies Record<string, Text>;
