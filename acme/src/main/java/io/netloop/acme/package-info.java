/**
 * Certificates from authorities that speak ACME (RFC 8555), by way of acme4j:
 *
 * <pre>
 *   AcmeIssuer ─opens─▶ AcmeSource ─asks─▶ RenewalPlan: is it time?
 *                           │ yes
 *                           ▼
 *                       AcmeOrder ─proves names by─▶ Proofs ◀─asked by the servers
 *                           │
 *                           ▼
 *                       AcmeStore: the account's key, the certificate
 * </pre>
 *
 * Each source has a virtual thread that does all of this, one step after another.
 */
@NullMarked
package io.netloop.acme;

import org.jspecify.annotations.NullMarked;
