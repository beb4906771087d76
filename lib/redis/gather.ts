import { setImmediate } from "node:timers"
import { Redis } from "ioredis"

/**
 * Have the commands of one turn of the event loop sent in one go, each still answered by itself: to send is a call of the
 * system, for which many requests at a time would else pay one by one. ioredis' own way, the automatic pipeline, makes one
 * of all commands, which costs more than it spares.
 */
export function gatherCommands<Client extends Redis>(client: Client): Client {
  let gathering: Redis["stream"] | undefined
  client.sendCommand = (command, stream) => {
    if (client.stream && client.stream !== gathering) {
      const corked = client.stream
      gathering = corked
      corked.cork()
      setImmediate(() => {
        corked.uncork()
        if (gathering === corked) gathering = undefined
      })
    }
    return Redis.prototype.sendCommand.call(client, command, stream)
  }
  return client
}
