/**
 * What every service of the shop has in common.
 */

namespace * shop.shared
namespace cpp shop.shared
namespace py shop.shared

/** Who or what something is, for ever. */
typedef uuid Id

/** Milliseconds since 1970-01-01 UTC. */
typedef i64 Timestamp

enum Currency {
  EUR = 1
  USD = 2
  /** Has no cents: amounts are in yen. */
  JPY = 3
}

/** An amount of money, exact. */
struct Money {
  1: required i64 amount    // in the smallest unit: cents, pence, yen
  2: Currency currency = Currency.EUR
}

/** No such thing. */
exception NotFound {
  1: required string what
  2: optional Id id
}

/** The request makes no sense, and never will. */
exception BadRequest {
  1: required string message
  /** The field that is wrong, as a path: "lines[0].count". */
  2: optional string field
}

/** What operators ask every service. */
service Operations {
  /** Answers as soon as the service is up. */
  void ping()

  /** Seconds since the start. */
  double uptime()

  /** Writes a line into the service's log; nobody waits for it. */
  oneway void note(1: string text)
}
