package dev.vitrine.http.keys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a key lets its holder do; each role may do what those before it may. */
public enum Role {
    /** Search and look. */
    READ,
    /** Also upload, delete and retry. */
    WRITE,
    /** Also keys, collections and exports. */
    ADMIN;

    /** Whether this role is enough where the other is needed. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** The name in files, commands and messages. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name as {@link #word()} writes it.
     *
     * @throws IllegalArgumentException for any other text
     */
    @JsonCreator
    public static Role ofWord(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException("There is no role '" + word + "'; use read, write or admin");
    }
}
