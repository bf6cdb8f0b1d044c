package dev.vitrine.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/** A HEAD is served as the GET that it asks about; the server leaves the body of the answer out by itself. */
final class HeadRequest extends HttpServerRequestWrapper {
    HeadRequest(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }
}
