// Answers that a change has made old.

import { type QueryClient, useQueryClient } from '@tanstack/react-query'

/** Asks anew whatever is shown of the queries whose keys begin with one of the names. */
export async function forget(client: QueryClient, ...names: string[]) {
  await Promise.all(
    names.map(async name => {
      // A first answer that is on its way is from before the change; invalidating alone would wait for it and keep it.
      await client.cancelQueries({ queryKey: [name] })
      await client.invalidateQueries({ queryKey: [name] })
    }),
  )
}

/** For after a change of what is kept: see forget. */
export function useForget() {
  const client = useQueryClient()
  return (...names: string[]) => forget(client, ...names)
}
