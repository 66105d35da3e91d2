/**
 * A small shop: products, orders, payments.
 *
 * Shows includes, inheritance of services across files, unions, exceptions, defaults and
 * documentation as one meets them in practice.
 */

include "shared.thrift"

namespace * shop

/** What one order may hold at most. */
const i32 MAX_LINES = 100

/** Shipping inside of a country, by its code. */
const map<string, shared.Money> SHIPPING = {
  "DE": {"amount": 490, "currency": shared.Currency.EUR},
  "JP": {"amount": 800, "currency": shared.Currency.JPY},
}

enum Category {
  OTHER
  BOOKS = 10
  MUSIC        // 11
  GAMES = 0x20
}

struct Product {
  1: required shared.Id id
  2: required string name
  3: required shared.Money price
  4: Category category = Category.OTHER
  5: optional set<string> tags
  6: optional binary thumbnail
  7: optional map<string, string> attributes
}

struct OrderLine {
  1: required shared.Id product
  2: i16 count = 1
}

struct Voucher {
  1: required string code
  2: optional shared.Money value
}

/** How an order is paid: exactly one of these. */
union Payment {
  1: string card_token
  2: Voucher voucher
  3: bool on_delivery
}

enum State { PLACED, PAID, SHIPPED, RETURNED }

struct Order {
  1: required shared.Id id
  2: required list<OrderLine> lines
  3: required Payment payment
  4: State state = State.PLACED
  5: shared.Timestamp placed_at
  6: optional string note
  /** Where the parcel was seen, the last place last. */
  7: optional list<Sighting> track
}

// Used above before it is defined: the order of definitions never matters.
struct Sighting {
  1: required string place
  2: required shared.Timestamp at
}

exception OutOfStock {
  1: required shared.Id product
  2: required i32 left
} (retry = "later")

/** The shop as its customers' programs see it. */
service Shop extends shared.Operations {
  Product product(1: shared.Id id) throws (1: shared.NotFound missing)

  /** Products of a category, all of them where none is given. */
  list<Product> search(1: string words, 2: Category category, 3: i32 limit = 20)

  /**
   * Places an order.
   * @return the order, with its id and the time
   */
  Order place(1: list<OrderLine> lines, 2: Payment payment) throws (
    1: shared.BadRequest wrong
    2: OutOfStock sold_out
  )

  /** How much of each product is left. */
  map<shared.Id, i32> stock(1: set<shared.Id> products)

  void cancel(1: shared.Id order) throws (1: shared.NotFound missing)

  /** Tells which pages a visitor looks at. */
  oneway void viewed(1: shared.Id product, 2: shared.Timestamp at)
}
