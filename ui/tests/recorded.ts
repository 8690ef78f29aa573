// A backend that plays back what was recorded, for the window in a browser without the program.
export { recordedBackend } from './recorded/backend';
