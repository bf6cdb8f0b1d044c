package dev.vitrine.part;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A bean that a part gives to routes.
 *
 * @param name the name that routes use
 * @param type its class; its methods are what routes may call
 * @param bean gives it when the part is open; null where nothing that runs may name it
 * @param example gives one with nothing behind it, which a check of routes can ask for its options; empty where the class
 *     alone says enough
 */
public record Offer<T>(
        String name, Class<T> type, Supplier<? extends T> bean, Optional<Supplier<? extends T>> example) {

    /** A bean of which a check needs to know no more than the class. */
    public static <T> Offer<T> of(String name, Class<T> type, Supplier<? extends T> bean) {
        return new Offer<>(name, type, bean, Optional.empty());
    }

    /** A bean that Camel asks for something while it makes routes. */
    public static <T> Offer<T> of(
            String name, Class<T> type, Supplier<? extends T> bean, Supplier<? extends T> example) {
        return new Offer<>(name, type, bean, Optional.of(example));
    }
}
