package dev.vitrine.store;

import dev.vitrine.settings.InvalidSettingException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where objects lie.
 *
 * @param bucket the bucket's name
 * @param prefix what all keys begin with: empty, or with a slash at its end
 */
public record StoreAddress(String bucket, String prefix) {
    private static final String SCHEME = "s3:";
    private static final Pattern ADDRESS = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\\w./=-]*))?");

    /**
     * Reads {@code s3://bucket/prefix}; empty where the text is something else than an address of an object store.
     *
     * @param setting names the text where it is malformed
     * @throws InvalidSettingException where it begins like an address and is none
     */
    public static Optional<StoreAddress> of(String setting, String text) {
        if (text == null || !text.startsWith(SCHEME)) {
            return Optional.empty();
        }
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidSettingException(setting + " is '" + text
                    + "'; write s3://bucket/prefix, the bucket in small letters, digits, '.' and '-', the prefix in letters,"
                    + " digits, '.', '_', '-', '=' and '/'");
        }
        String prefix = matcher.group(2) == null ? "" : matcher.group(2).replaceAll("^/+|/+$", "");
        return Optional.of(new StoreAddress(matcher.group(1), prefix.isEmpty() ? "" : prefix + "/"));
    }

    /** The objects whose keys go on with a word and a slash. */
    public StoreAddress below(String word) {
        return new StoreAddress(bucket, prefix + word + "/");
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
