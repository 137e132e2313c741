// Sends datagrams back with two system calls for up to 64 of them, or counts them and answers an empty one with their
// number: what is possible in a program of one thread on Linux that does nothing else.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, LONGEST = 2048 };

static struct mmsghdr messages[BATCH];
static struct iovec pieces[BATCH];
static struct sockaddr_in peers[BATCH];
static char bytes[BATCH][LONGEST];

// The end of standard input is the end of the server.
static void *obey(void *nothing) {
  char line[16];
  while (read(STDIN_FILENO, line, sizeof line) > 0) {
  }
  exit(0);
  return nothing;
}

static void fail(const char *call) {
  perror(call);
  exit(1);
}

static void echo(int fd, int count) {
  for (int i = 0; i < count; i++) {
    pieces[i].iov_len = messages[i].msg_len;
  }
  // What the system does not take is lost, as datagrams may be.
  sendmmsg(fd, messages, count, 0);
  for (int i = 0; i < count; i++) {
    pieces[i].iov_len = LONGEST;
  }
}

static void tally(int fd, int count, long *total) {
  for (int i = 0; i < count; i++) {
    if (messages[i].msg_len > 0) {
      ++*total;
    } else {
      char text[32];
      int length = snprintf(text, sizeof text, "%ld", *total);
      sendto(fd, text, length, 0, (struct sockaddr *)&peers[i], sizeof peers[i]);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: udp echo|count PORT\n");
    return 2;
  }
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof own;
  if (fd < 0 || bind(fd, (struct sockaddr *)&own, length) < 0) fail("bind");
  if (getsockname(fd, (struct sockaddr *)&own, &length) < 0) fail("getsockname");
  printf("port %d\n", ntohs(own.sin_port));
  fflush(stdout);

  pthread_t control;
  if (pthread_create(&control, NULL, obey, NULL) != 0) fail("pthread_create");

  for (int i = 0; i < BATCH; i++) {
    pieces[i] = (struct iovec){bytes[i], LONGEST};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_iov = &pieces[i], .msg_iovlen = 1};
  }
  int echoes = strcmp(argv[1], "echo") == 0;
  long total = 0;
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      messages[i].msg_hdr.msg_namelen = sizeof peers[i];
    }
    int count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
    if (count < 0) fail("recvmmsg");
    if (echoes) {
      echo(fd, count);
    } else {
      tally(fd, count, &total);
    }
  }
}
