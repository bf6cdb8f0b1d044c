package dev.vitrine.http.outbound;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One request and its answer, told by Vert.x to the thread that waits for it. */
final class Conversation implements AutoCloseable {
    private static final int MOST_BUFFERS = 8;
    private static final long CLOSE_MILLIS = 1_000;

    /** What happens, in the waiting thread. */
    @FunctionalInterface
    private interface Event {
        /** Returns whether the answer is over. */
        boolean happen() throws IOException;
    }

    private final HttpClient client;
    private final RequestOptions options;
    private final byte[] body;
    private final long end;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private HttpClientRequest request;
    private boolean closed;
    private OutboundAnswer answer;
    private Content content;

    /** @param end when it must be over, by {@link System#nanoTime()} */
    Conversation(HttpClient client, RequestOptions options, byte[] body, long end) {
        this.client = client;
        this.options = options;
        this.body = body;
        this.end = end;
    }

    /**
     * Sends the request and reads the answer.
     *
     * @throws ConnectException where there is no connection, so that nothing was sent
     */
    OutboundAnswer hold(Content.Choice choice) throws IOException, InterruptedException {
        client.request(options)
                .onSuccess(connected -> connected(connected, choice))
                .onFailure(failure -> events.add(() -> {
                    ConnectException away = new ConnectException(reason(failure));
                    away.initCause(failure);
                    throw away;
                }));
        while (true) {
            Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new SocketTimeoutException("no answer in time");
            }
            if (event.happen()) {
                return answer;
            }
        }
    }

    private void connected(HttpClientRequest connected, Content.Choice choice) {
        if (!keep(connected)) {
            return;
        }
        connected.response().onSuccess(response -> answered(response, choice)).onFailure(this::failed);
        connected.send(Buffer.buffer(body));
    }

    private void answered(HttpClientResponse response, Content.Choice choice) {
        response.pause();
        response.handler(buffer -> events.add(() -> {
            content.take(buffer.getBytes());
            response.fetch(1);
            return false;
        }));
        response.endHandler(done -> events.add(() -> true));
        response.exceptionHandler(this::failed);
        events.add(() -> {
            answer = new OutboundAnswer(response.statusCode(), response.headers());
            content = choice.of(answer);
            if (content != Content.UNWANTED) {
                response.fetch(MOST_BUFFERS);
            }
            return content == Content.UNWANTED;
        });
    }

    private void failed(Throwable failure) {
        events.add(() -> {
            throw new IOException(reason(failure), failure);
        });
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private synchronized boolean keep(HttpClientRequest connected) {
        if (closed) {
            connected.reset();
            return false;
        }
        request = connected;
        return true;
    }

    /** Hangs up; when this returns, the host has one connection less. */
    @Override
    public void close() {
        HttpClientRequest sent;
        synchronized (this) {
            closed = true;
            sent = request;
        }
        if (sent == null) {
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        sent.reset();
        sent.connection().close().onComplete(done -> over.countDown());
        try {
            over.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
