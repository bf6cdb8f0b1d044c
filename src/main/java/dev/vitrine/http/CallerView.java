package dev.vitrine.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.keys.Access;
import dev.vitrine.http.keys.Role;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Tells callers who they are here. */
public final class CallerView {

    /**
     * Who asks and what that may do.
     *
     * @param keys whether keys are in force; where they are not, everybody may do everything
     * @param collections those it may touch; empty for all
     */
    public record Self(
            @JsonProperty("name") String name,
            @JsonProperty("role") Role role,
            @JsonProperty("collections") List<String> collections,
            @JsonProperty("keys") boolean keys) {}

    private final Supplier<Access> access;

    CallerView(Supplier<Access> access) {
        this.access = access;
    }

    /** The caller of a request that came over HTTP. */
    public Self read(Exchange exchange) {
        Caller caller = access.get().caller(((HttpMessage) exchange.getMessage()).getRequest());
        return new Self(
                caller.name(), caller.role(), caller.collections(), access.get().areKeysInForce());
    }
}
