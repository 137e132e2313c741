/**
 * Netloop side by side with what users would pick instead, in one run on one machine.
 *
 * <p>{@code Main} reads the command line and has one of {@code TcpBench}, {@code UdpBench}, {@code
 * HttpBench}, {@code WsBench} and {@code ChatBench} say which {@code Row}s there are. A row is one
 * question; its {@code Peer}s are who is asked. For each round and peer a {@code ServerProcess} is
 * started, a {@code Load} is put on it over {@code Linux}'s system calls, and {@code Report} makes
 * a table of all rounds. The classes whose names begin with a peer's are the servers.
 */
@NullMarked
package io.netloop.bench;

import org.jspecify.annotations.NullMarked;
