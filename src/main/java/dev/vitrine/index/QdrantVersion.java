package dev.vitrine.index;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Qdrant. */
record QdrantVersion(int major, int minor) implements Comparable<QdrantVersion> {

    /** The first that knows conditional upserts; older ones ignore the condition without a word. */
    static final QdrantVersion OLDEST = new QdrantVersion(1, 16);

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");

    /** Empty where the text names none. */
    static Optional<QdrantVersion> of(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? Optional.of(new QdrantVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(QdrantVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }
}
