// The containers of a deployment, each by its part and its name.
import type { Deployment, Part } from '../types';

export interface Named {
  part: Part;
  name: string;
}

/** All of them, the application's first. */
export function containersOf(deployment: Deployment): Named[] {
  const { container, front_end_container, database_container } = deployment;
  const beside: [Part, string | null | undefined][] = [
    ['front_end', front_end_container],
    ['database', database_container],
  ];
  return [
    { part: 'application', name: container },
    ...beside.flatMap(([part, name]) => (name ? [{ part, name }] : [])),
  ];
}

/** The part whose container has this name; the application where it is none of them. */
export function partOf(deployment: Deployment, container: string | null | undefined): Part {
  return containersOf(deployment).find((c) => c.name === container)?.part ?? 'application';
}
