package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.http.AgentOptions.Scheduling;
import io.netloop.loop.NetException;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connection a request gets, and what becomes of it afterwards. */
class AgentTest extends ClientTest {
  /** A server that says from which port a request has come. */
  private HttpServer ports() {
    return serve((request, response) -> response.end("" + request.socket().remotePort()));
  }

  /** Requests that are answered when the test says so. */
  private final List<HttpResponse> held = new CopyOnWriteArrayList<>();

  private HttpServer holding() {
    return serve((request, response) -> held.add(response));
  }

  private void answerNext() {
    await().until(() -> !held.isEmpty());
    HttpResponse next = held.removeFirst();
    next.end("" + next.socket().remotePort());
  }

  @Test
  void aKeptConnectionServesTheNextRequest() {
    Agent agent = keeping();
    RequestOptions options = to(ports()).withAgent(agent);
    Exchange first = get(options);
    first.over();
    await().until(() -> agent.freeSockets().size() == 1);
    Exchange second = get(options);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(first.request.reusedSocket()).isFalse();
    assertThat(second.request.reusedSocket()).isTrue();
    assertThat(second.request.socket()).isSameAs(first.request.socket());
  }

  @Test
  void theGlobalAgentKeepsConnections() {
    RequestOptions options = to(ports());
    String first = get(options).body();

    assertThat(get(options).body()).isEqualTo(first);
    assertThat(Http.globalAgent().options().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Http.globalAgent().options().maxFreeSockets()).isEqualTo(256);
    assertThat(Http.globalAgent().options().scheduling()).isEqualTo(Scheduling.LIFO);
  }

  @Test
  void aNewAgentKeepsNone() {
    Agent agent = agent(AgentOptions.defaults());
    RequestOptions options = to(ports()).withAgent(agent);
    Exchange first = get(options);
    first.over();
    await().until(() -> first.request.socket().closed());

    assertThat(agent.freeSockets()).isEmpty();
    assertThat(get(options).body()).isNotEqualTo(first.body());
  }

  @Test
  void withOneSocketRequestsTakeTurns() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      exchanges.add(get(options));
    }
    await().until(() -> held.size() == 1);
    String name = agent.getName(options);

    assertThat(agent.sockets()).containsEntry(name, 1);
    assertThat(agent.requests()).containsEntry(name, 2);
    assertThat(exchanges.get(1).has("C socket")).isFalse();
    for (int i = 0; i < 3; i++) {
      answerNext();
      exchanges.get(i).over();
    }
    assertThat(exchanges.get(2).body()).isEqualTo(exchanges.get(0).body());
    await().until(() -> agent.sockets().isEmpty());
    assertThat(agent.requests()).isEmpty();
    assertThat(agent.freeSockets()).containsEntry(name, 1);
  }

  @Test
  void anAgentThatKeepsNothingStillHandsOnToWhoWaits() {
    Agent agent = agent(AgentOptions.defaults().withMaxSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    Exchange second = get(options);
    answerNext();
    answerNext();

    assertThat(second.body()).isEqualTo(first.body());
    await().until(() -> second.request.socket().closed());
    assertThat(agent.freeSockets()).isEmpty();
  }

  @Test
  void aConnectionThatIsLostMakesRoomForWhoWaits() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    Exchange second = get(options);
    await().until(() -> held.size() == 1);
    held.removeFirst().socket().destroy();
    assertThat(first.error()).startsWith("ECONNRESET");
    answerNext();

    assertThat(second.body()).isNotEmpty();
    assertThat(second.request.reusedSocket()).isFalse();
  }

  @Test
  void aRequestThatWaitsMayBeGivenUp() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    Exchange second = get(options);
    Exchange third = get(options);
    second.request.destroy();

    second.isExactly("C error ECONNRESET socket hang up", "C close");
    answerNext();
    answerNext();
    assertThat(third.body()).isEqualTo(first.body());
  }

  @Test
  void theTotalHoldsOverAllPlaces() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxTotalSockets(1));
    RequestOptions one = to(holding()).withAgent(agent);
    RequestOptions other = to(holding()).withAgent(agent);
    Exchange first = get(one);
    Exchange second = get(other);
    await().until(() -> held.size() == 1);
    settle();
    assertThat(held).hasSize(1);
    answerNext();
    first.over();
    answerNext();

    assertThat(second.body()).isNotEmpty();
  }

  @Test
  void aKeptConnectionMakesRoomForAnotherPlace() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxTotalSockets(1));
    Exchange first = get(to(ports()).withAgent(agent));
    first.over();
    await().until(() -> agent.freeSockets().size() == 1);
    Exchange second = get(to(ports()).withAgent(agent));

    assertThat(second.body()).isNotEmpty();
    await().until(() -> first.request.socket().closed());
  }

  @Test
  void keepsNoMoreThanItMay() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxFreeSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    Exchange second = get(options);
    answerNext();
    answerNext();
    first.over();
    second.over();
    await().until(() -> agent.freeSockets().equals(java.util.Map.of(agent.getName(options), 1)));

    await().until(() -> first.request.socket().closed() || second.request.socket().closed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesTheLatestUsedOrTheLongestIdle(boolean latest) {
    Agent agent =
        agent(
            AgentOptions.defaults()
                .withKeepAlive(true)
                .withScheduling(latest ? Scheduling.LIFO : Scheduling.FIFO));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    await().until(() -> held.size() == 1);
    Exchange second = get(options);
    await().until(() -> held.size() == 2);
    answerNext();
    first.over();
    answerNext();
    second.over();
    await().until(() -> agent.sockets().isEmpty());
    Exchange third = get(options);
    answerNext();

    assertThat(third.body()).isEqualTo(latest ? second.body() : first.body());
  }

  @Test
  void aKeptConnectionThatTheServerClosesIsThrownAway() {
    Agent agent = keeping();
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    TcpServer server =
        raw((socket, head) -> {
          accepted.add(socket);
          socket.write(OK);
        });
    RequestOptions options = to(server).withAgent(agent);
    get(options).over();
    await().until(() -> agent.freeSockets().size() == 1);
    accepted.getFirst().end();
    await().until(() -> agent.freeSockets().isEmpty());
    Exchange second = get(options);

    assertThat(second.body()).isEqualTo("hi");
    assertThat(second.request.reusedSocket()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", OK, "\r\n"})
  void aKeptConnectionOnWhichSomethingComesIsThrownAway(String bytes) {
    Agent agent = keeping();
    List<TcpSocket> accepted = new CopyOnWriteArrayList<>();
    TcpServer server =
        raw((socket, head) -> {
          accepted.add(socket);
          socket.write(OK);
        });
    RequestOptions options = to(server).withAgent(agent);
    Exchange first = get(options);
    first.over();
    await().until(() -> agent.freeSockets().size() == 1);
    accepted.getFirst().write(bytes);
    await().until(() -> agent.freeSockets().isEmpty());
    Exchange second = get(options);

    assertThat(second.body()).isEqualTo("hi");
    assertThat(second.request.reusedSocket()).isFalse();
    assertThat(first.request.socket().destroyed()).isTrue();
  }

  @Test
  void aKeptConnectionIsClosedWhenItsTimeIsOver() {
    Agent agent =
        agent(AgentOptions.defaults().withKeepAlive(true).withTimeout(Duration.ofMillis(30)));
    Exchange exchange = get(to(ports()).withAgent(agent));
    exchange.over();

    await().until(() -> exchange.request.socket().closed());
    assertThat(agent.freeSockets()).isEmpty();
  }

  @Test
  void aUsedConnectionIsNotClosedWhenItsTimeAsAKeptOneIsOver() {
    Agent agent =
        agent(AgentOptions.defaults().withKeepAlive(true).withTimeout(Duration.ofMillis(30)));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange exchange = get(options);
    Exchange timer = get(options.withTimeout(Duration.ofMillis(80)));
    timer.await("C timeout");
    answerNext();
    answerNext();

    assertThat(exchange.body()).isNotEmpty();
    timer.over();
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=1", "timeout=0", "timeout=1, max=5"})
  void aServerThatKeepsNoLongerThanASecondIsNotKept(String hint) {
    Agent agent = keeping();
    TcpServer server =
        answering("HTTP/1.1 200 OK\r\nKeep-Alive: " + hint + "\r\nContent-Length: 0\r\n\r\n");
    Exchange exchange = get(to(server).withAgent(agent));
    exchange.over();

    await().until(() -> exchange.request.socket().closed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=9", "timeout=x", "max=3", "timeout=99999999999999999999", ""})
  void otherHintsKeepItOpen(String hint) {
    Agent agent = keeping();
    TcpServer server =
        answering("HTTP/1.1 200 OK\r\nKeep-Alive: " + hint + "\r\nContent-Length: 0\r\n\r\n");
    RequestOptions options = to(server).withAgent(agent);
    get(options).over();
    await().until(() -> agent.freeSockets().size() == 1);
    Exchange second = get(options);
    second.over();

    assertThat(second.request.reusedSocket()).isTrue();
  }

  @Test
  void aServersHintShortensTheStay() {
    Agent agent =
        agent(AgentOptions.defaults().withKeepAlive(true).withTimeout(Duration.ofMinutes(5)));
    TcpServer server =
        answering("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n");
    Exchange exchange = get(to(server).withAgent(agent));
    exchange.over();
    await().until(() -> agent.freeSockets().size() == 1);

    await().atMost(Duration.ofSeconds(5)).until(() -> exchange.request.socket().closed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      })
  void aResponseThatSaysCloseIsTheLast(String response) {
    Agent agent = keeping();
    RequestOptions options = to(answering(response)).withAgent(agent);
    Exchange exchange = get(options);

    assertThat(exchange.body()).isEqualTo("hi");
    await().until(() -> exchange.request.socket().closed());
    assertThat(agent.freeSockets()).isEmpty();
  }

  @Test
  void anOldServerThatSaysKeepAliveIsKept() {
    Agent agent = keeping();
    TcpServer server =
        answering("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi");
    RequestOptions options = to(server).withAgent(agent);
    get(options).over();
    Exchange second = get(options);
    second.over();

    assertThat(second.request.reusedSocket()).isTrue();
  }

  @Test
  void aRequestThatSaysCloseIsTheLast() {
    Agent agent = keeping();
    Exchange exchange = get(to(ports()).withAgent(agent).withHeader("Connection", "close"));
    exchange.over();

    await().until(() -> exchange.request.socket().closed());
    assertThat(agent.freeSockets()).isEmpty();
  }

  @Test
  void anUnreadResponseHoldsItsConnection() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    RequestOptions options = to(ports()).withAgent(agent);
    List<ClientResponse> unread = new CopyOnWriteArrayList<>();
    unheard(options, request -> request.onResponse(unread::add).end());
    await().until(() -> unread.size() == 1);
    Exchange second = get(options);
    settle();
    assertThat(second.has("C socket")).isFalse();
    unread.getFirst().resume();

    assertThat(second.body()).isNotEmpty();
  }

  @Test
  void destroyClosesKeptConnectionsAndThoseInUse() {
    Agent agent = keeping();
    Exchange kept = get(to(ports()).withAgent(agent));
    kept.over();
    await().until(() -> agent.freeSockets().size() == 1);
    Exchange used = get(to(holding()).withAgent(agent));
    await().until(() -> held.size() == 1);
    agent.destroy();

    assertThat(used.error()).isEqualTo("ECONNRESET socket hang up");
    await().until(() -> kept.request.socket().closed());
    assertThat(agent.sockets()).isEmpty();
    assertThat(agent.freeSockets()).isEmpty();
    assertThat(get(to(ports()).withAgent(agent)).body()).isNotEmpty();
  }

  @Test
  void destroyOfAFinishedResponseLeavesTheConnectionToTheNextRequest() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(1));
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options);
    answerNext();
    first.over();
    Exchange second = get(options);
    await().until(() -> held.size() == 1);
    first.response.join().destroy();
    first.request.destroy();
    settle();
    answerNext();

    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void eachPlaceHasItsName() {
    Agent agent = new Agent();
    RequestOptions options = RequestOptions.port(8080).withHost("h");

    assertThat(agent.getName(options)).isEqualTo("h:8080:");
    assertThat(agent.getName(options.withLocalAddress("127.0.0.1").withFamily(4)))
        .isEqualTo("h:8080:127.0.0.1:4");
    assertThat(agent.getName(options.withSocketPath("/a"))).isEqualTo("h:8080::/a");
  }

  @Test
  void aSocketOfThePrograms() {
    AtomicInteger made = new AtomicInteger();
    RequestOptions options =
        to(ports())
            .withCreateConnection(to -> {
              made.incrementAndGet();
              return Net.createConnection(to);
            });
    Exchange first = get(options);

    assertThat(first.body()).isNotEmpty();
    assertThat(get(options).body()).isNotEqualTo(first.body());
    assertThat(made).hasValue(2);
  }

  @Test
  void aSocketThatCannotBeMadeIsThrownAndLeavesNothing() {
    Agent agent = keeping();
    onLoop(() ->
        assertThatThrownBy(() ->
                Http.get(
                    RequestOptions.port(1)
                        .withAgent(agent)
                        .withCreateConnection(to -> {
                          throw new NetException("MINE", "mine");
                        })))
            .hasMessage("mine"));

    assertThat(agent.sockets()).isEmpty();
  }

  @Test
  void theTimeoutOfARequestDoesNotReachTheNext() {
    Agent agent = keeping();
    RequestOptions options = to(holding()).withAgent(agent);
    Exchange first = get(options.withTimeout(Duration.ofMillis(500)));
    answerNext();
    first.over();
    await().until(() -> agent.freeSockets().size() == 1);
    Exchange second = get(options);
    await().until(() -> held.size() == 1);

    assertThat(second.request.reusedSocket()).isTrue();
    assertThat(second.request.socket().timeout()).isEqualTo(0L);
    answerNext();
    second.over();
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() -> AgentOptions.defaults().withMaxSockets(0))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("maxSockets");
    assertThatThrownBy(() -> AgentOptions.defaults().withMaxTotalSockets(-1))
        .hasMessageContaining("maxTotalSockets");
    assertThatThrownBy(() -> AgentOptions.defaults().withMaxFreeSockets(-1))
        .hasMessageContaining("maxFreeSockets");
    assertThatThrownBy(() -> AgentOptions.defaults().withTimeout(Duration.ofSeconds(-1)))
        .hasMessageContaining("timeout");
    assertThatThrownBy(() -> AgentOptions.defaults().withKeepAliveMsecs(Duration.ofDays(1)))
        .hasMessageContaining("keepAliveMsecs");
  }

  @Test
  void manyRequestsOverFewConnections() {
    Agent agent = agent(AgentOptions.defaults().withKeepAlive(true).withMaxSockets(4));
    RequestOptions options = to(ports()).withAgent(agent);
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      exchanges.add(get(options));
    }

    assertThat(exchanges.stream().map(Exchange::body).distinct()).hasSizeLessThanOrEqualTo(4);
    assertThat(exchanges).allMatch(exchange -> !exchange.has("C error"));
  }
}
