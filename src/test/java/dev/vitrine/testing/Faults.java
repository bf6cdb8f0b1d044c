package dev.vitrine.testing;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** Lets steps of a running pipeline fail, by their id, and counts how often each was begun. */
public final class Faults implements InterceptStrategy, CamelContextAware {
    private final Map<String, Supplier<? extends Exception>> planned = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();

    private CamelContext context;

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        String step = definition.getId();
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                begun.computeIfAbsent(step, id -> new AtomicInteger()).incrementAndGet();
                Exception failure = planned.getOrDefault(step, () -> null).get();
                if (failure == null) {
                    return super.process(exchange, callback);
                }
                exchange.setException(failure);
                callback.done(true);
                return true;
            }
        };
    }

    void plan(String step, Supplier<? extends Exception> failure) {
        planned.put(step, failure);
    }

    void clear() {
        planned.clear();
    }

    /** The ids of all steps that were begun. */
    Set<String> begun() {
        return begun.keySet();
    }

    int begun(String step) {
        AtomicInteger count = begun.get(step);
        return count == null ? 0 : count.get();
    }
}
