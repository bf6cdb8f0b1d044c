package dev.vitrine.http;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Reads requests and refuses one that gives its length twice, by {@code Content-Length} and {@code Transfer-Encoding}: a
 * proxy in front may believe the other one and take the end of it for a request of somebody else (RFC 9112, section 6.1).
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
    /** A path may name a product and its picture, each of 256 characters of four bytes, each byte percent-encoded; 500 ids of jobs are as long. */
    static final int MAX_LINE_BYTES = 32 * 1024;

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Makes a new connection read by these rules. */
    static void install(HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof Http1xServerConnection http) {
            http.channelHandlerContext().pipeline().replace("httpDecoder", "httpDecoder", new StrictDecoder(options));
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
