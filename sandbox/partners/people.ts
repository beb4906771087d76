const NAMES = [
  "Beatriz Kowalski",
  "Diego Fontana",
  "Larissa Sato",
  "Marcos Vinícius Prado",
  "Renata Guimarães",
]

/** Somebody who asks after a listing, another each time. */
export function somebody(listing: string, count: number) {
  const name = NAMES[count % NAMES.length]!
  const address = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(" ", ".")
  return {
    clientListingId: listing,
    name,
    email: `${address}.${count}@correio.example`,
    ddd: "44",
    phone: `99${String(1_000_000 + ((count * 7_919) % 9_000_000))}`,
    message: "Olá! Gostaria de mais informações e de agendar uma visita.",
  }
}

/** Whom the CRM has when it is new. */
export const CRM_LEADS = NAMES.map((name, index) => ({
  ...{ name, email: `crm.${index}@correio.example`, phone: `+5544988${String(100_000 + index * 1_357)}` },
  ...{ message: "Procuro um imóvel na região central.", interest: index % 2 ? "aluguel" : "venda" },
}))
