import { expect, test } from "bun:test"
import { startResend } from "./simulator.ts"
import { clientOf, mail } from "./testing.ts"

test("lists the mails, newest first", async () => {
  await using simulator = startResend()
  expect(await (await fetch(simulator.url)).text()).toContain("No mail yet")
  await clientOf(simulator).emails.send({ ...mail, subject: "Primeiro" })
  await clientOf(simulator).emails.send({
    ...mail,
    subject: "Segundo",
    to: ["ana@example.com", "bia@example.com"],
  })
  const page = await (await fetch(simulator.url)).text()
  expect(page.indexOf("Segundo")).toBeLessThan(page.indexOf("Primeiro"))
  expect(page).toContain("ana@example.com, bia@example.com")
  expect(page).toContain(`href="/inbox/${simulator.messages[1]?.id}"`)
})

test("shows a mail's HTML in a frame that may do nothing, and its text with links", async () => {
  await using simulator = startResend()
  const { data } = await clientOf(simulator).emails.send({
    ...mail,
    html: '<p style="color: red">"Oi" & <b>tchau</b></p>',
    text: "Veja (https://casa.example/a?b=1&c=2)",
  })
  const page = await (await fetch(`${simulator.url}/inbox/${data?.id}`)).text()
  expect(page).toContain(
    'sandbox srcdoc="&lt;p style=&quot;color: red&quot;&gt;&quot;Oi&quot; &amp; &lt;b&gt;tchau&lt;/b&gt;&lt;/p&gt;"',
  )
  expect(page).toContain('(<a href="https://casa.example/a?b=1&amp;c=2" rel="noreferrer">')
})

test("escapes whatever a mail says", async () => {
  await using simulator = startResend()
  const evil = `"><script>alert(1)</script>`
  const { data } = await clientOf(simulator).emails.send({
    ...mail,
    from: `${evil.replaceAll(/[<>]/g, "")} <oi@casa.example>`,
    subject: evil,
    text: evil,
    html: evil,
    attachments: [{ filename: evil, content: "eA==" }],
  })
  for (const path of ["/", `/inbox/${data?.id}`]) {
    const answer = await fetch(simulator.url + path)
    expect(answer.headers.get("content-security-policy")).toStartWith("default-src 'none'")
    expect(await answer.text()).not.toContain("<script")
  }
})

test("has no page for a mail it does not have", async () => {
  await using simulator = startResend()
  expect((await fetch(`${simulator.url}/inbox/${crypto.randomUUID()}`)).status).toBe(404)
})
