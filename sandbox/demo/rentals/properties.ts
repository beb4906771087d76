import { addMonths, dayOfMonth } from "../../../lib/days.ts"
import { demoContracts } from "./contracts.ts"
import { centsOf, tables } from "./tables.ts"

const FEATURES: Record<string, string[]> = {
  apartment: ["elevador", "portaria 24 horas", "sacada"],
  house: ["quintal", "churrasqueira", "portão eletrônico"],
  studio: ["mobiliado", "academia", "lavanderia"],
  store: ["vitrine", "mezanino"],
  office: ["ar-condicionado", "recepção", "elevador"],
  warehouse: ["doca", "energia trifásica", "pé-direito de 8 m"],
  land: [],
}

/** The properties, with their keys; one is rented when a contract of it runs on that day. */
export function demoProperties(today: string) {
  const rents = new Map(
    demoContracts(today)
      .filter(({ row }) => row.status === "active")
      .map(({ property, row }) => [property, row.rentCents]),
  )
  return tables.properties.map((property, index) => ({
    key: property.key!,
    agency: property.agency!,
    owner: property.owner!,
    row: {
      code: `${property.agency === "araucaria" ? "AR" : "PV"}${String(1001 + index)}`,
      title: property.title!,
      description: descriptionOf(property),
      type: property.type!,
      category: property.category!,
      status: rents.has(property.key!) ? "rented" : property.status!,
      rentCents: rents.get(property.key!) ?? (centsOf(property.rent) || null),
      priceCents: centsOf(property.price) || null,
      condoCents: centsOf(property.condo),
      iptuCents: centsOf(property.iptu),
      ...{ street: property.street!, number: property.number!, complement: property.complement || null },
      ...{ district: property.district!, city: property.city!, uf: "PR", zipCode: property.zip! },
      bedrooms: Number(property.bedrooms),
      bathrooms: Number(property.bathrooms),
      parkingSpaces: Number(property.parking),
      areaM2: Number(property.area),
      features: FEATURES[property.type!]!,
      listedOn: dayOfMonth(addMonths(today.slice(0, 7), Number(property.listed)), 3),
    },
  }))
}

const descriptionOf = ({ title, district, city, area }: Record<string, string>) =>
  `${title}: ${area} m² em ${district}, ${city}/PR. Agende uma visita.`
