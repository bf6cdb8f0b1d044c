package dev.vitrine.http;

import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.text.Suggestion;
import io.vertx.core.MultiMap;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Reads a {@code multipart/form-data} request: the fields that the route declares become headers, the one file becomes the
 * body. A field that is not declared is refused by its name, so that none is ignored without a word and none from outside
 * sets a header that means something to Camel.
 */
public final class Multipart {
    private static final String FILE_FIELD = "image_file";

    /** In which charset the browser sent the fields; not a field of the form itself (HTML, section 4.10.21.5). */
    private static final String CHARSET_FIELD = "_charset_";

    private static final int SHOWN_CHARS = 64;
    private static final char UNREADABLE = '\uFFFD';

    private final List<String> usual;

    private final Visits visits;

    /** @param usual the fields of a route that declares none */
    public Multipart(List<String> usual) {
        this(usual, new Visits());
    }

    /**
     * @param usual the fields of a route that declares none
     * @param visits know the files of a request
     */
    Multipart(List<String> usual, Visits visits) {
        this.usual = List.copyOf(usual);
        this.visits = visits;
    }

    /**
     * Reads a form with the fields of an upload.
     *
     * @see #readFields(Exchange, String)
     */
    public void read(Exchange exchange) {
        read(exchange, usual, List.of());
    }

    /**
     * Replaces all headers by the fields of the form, and the body by the file of the field {@code image_file}, or null
     * where there is none. Names that the client gave to files are dropped. The variable {@code workFile} names the file,
     * which is this request's own and may be moved.
     *
     * @param fields the names of the fields that the form may have, between commas
     * @throws ProblemException 415 for another media type, 400 for two files, a file in another field or a field that is
     *     not declared, 413 for one of more than 64 KB
     */
    public void readFields(Exchange exchange, String fields) {
        read(exchange, names(fields), List.of());
    }

    /**
     * The same of a form that may have more files.
     *
     * @param moreFiles the name of their field
     * @return the files of that field, in their order, which are gone when the request is over
     * @see #readFields(Exchange, String)
     */
    public List<Path> readFields(Exchange exchange, String fields, String moreFiles) {
        return read(exchange, names(fields), List.of(moreFiles));
    }

    private static List<String> names(String fields) {
        List<String> names = Arrays.stream(fields.split(",")).map(String::strip).toList();
        if (names.stream().anyMatch(Multipart::isCamels)) {
            throw new IllegalArgumentException("A form has no field whose name begins with Camel: " + fields);
        }
        return names;
    }

    private List<Path> read(Exchange exchange, List<String> fields, List<String> moreFiles) {
        if (!(exchange.getMessage() instanceof HttpMessage request) || !BodyRules.isForm(request.getRequest())) {
            throw new ProblemException(
                    415,
                    "Send multipart/form-data, for example: curl -F product_id=mug-1 -F name=Mug -F image_file=@mug.jpg",
                    List.of());
        }
        List<Path> more = visits.of(request.getRequest()).stream()
                .flatMap(visit -> moreFiles.stream().flatMap(field -> visit.files(field).stream()))
                .toList();
        Map<String, Object> headers = texts(request.getRequest().formAttributes(), fields, moreFiles);
        Map<String, DataHandler> files = files(request, more, moreFiles);
        for (String field : fields) {
            DataHandler part = files.remove(field); // as FormData.append(field, blob) sends it
            if (part != null) {
                if (headers.put(field, text(field, part)) != null) {
                    throw ProblemException.ofField(400, field, "was sent twice; send it once");
                }
            }
        }
        DataHandler picture = files.remove(FILE_FIELD);
        if (!files.isEmpty()) {
            throw ProblemException.ofField(400, FILE_FIELD, "is missing; the file came under another field name");
        }
        File file = picture == null ? null : ((FileDataSource) picture.getDataSource()).getFile();
        request.setHeaders(headers);
        request.setBody(file);
        exchange.setVariable("workFile", file == null ? null : file.getPath());
        return more;
    }

    private static Map<String, Object> texts(MultiMap form, List<String> fields, List<String> moreFiles) {
        Map<String, Object> headers = new HashMap<>();
        List<FieldError> unknown = new ArrayList<>();
        for (String field : form.names()) {
            List<String> values = form.getAll(field);
            if (fields.contains(field)) {
                values.forEach(value -> checkReadable(field, value, form));
                headers.put(field, values.size() == 1 ? values.get(0) : values);
            } else if (!field.equals(CHARSET_FIELD)) {
                unknown.add(unknown(field, fields, moreFiles));
            }
        }
        if (!unknown.isEmpty()) {
            throw new ProblemException(
                    400,
                    "The form has fields that this path does not take: "
                            + String.join(
                                    ", ",
                                    unknown.stream().map(FieldError::field).toList()) + ".",
                    unknown);
        }
        return headers;
    }

    private static FieldError unknown(String field, List<String> fields, List<String> moreFiles) {
        List<String> names = new ArrayList<>(fields);
        names.add(FILE_FIELD);
        names.addAll(moreFiles);
        if (field.equals(FILE_FIELD) || moreFiles.contains(field)) {
            return new FieldError(field, "came as text; send it as a file, with curl by " + field + "=@mug.jpg");
        }
        String shown = field.replaceAll("\\p{C}", "?");
        shown = shown.length() > SHOWN_CHARS ? shown.substring(0, SHOWN_CHARS) : shown;
        return new FieldError(
                shown, "is not taken here" + Suggestion.or(shown, names, "the fields are " + String.join(", ", names)));
    }

    /** What is no text in the charset it is said to have is refused, as nobody could find it again. */
    private static void checkReadable(String field, String value, MultiMap form) {
        String charset = form.contains(CHARSET_FIELD) ? form.get(CHARSET_FIELD) : "UTF-8";
        boolean utf8 = charset.isBlank() || charset.strip().equalsIgnoreCase("UTF-8");
        if (value.indexOf(UNREADABLE) >= 0
                || !utf8 && !StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            throw ProblemException.ofField(
                    400, field, "is not UTF-8; send UTF-8, or name the charset in the Content-Type of the part");
        }
    }

    /** The files by field, without those of which a form may have more. */
    private static Map<String, DataHandler> files(HttpMessage request, List<Path> more, List<String> moreFiles) {
        Map<String, DataHandler> files = new HashMap<>();
        Map<String, DataHandler> parts =
                request.getExchange().getMessage(AttachmentMessage.class).getAttachments();
        if (parts != null) {
            files.putAll(parts);
        }
        files.keySet().removeAll(moreFiles);
        int sent = request.getHeader(Exchange.ATTACHMENTS_SIZE, 0, Integer.class) - more.size();
        if (sent > files.size()) {
            String next = moreFiles.isEmpty() ? "" : " and the others as " + String.join(", ", moreFiles);
            throw ProblemException.ofField(400, FILE_FIELD, sent + " files were sent; send one" + next);
        }
        return files;
    }

    private static String text(String field, DataHandler part) {
        File file = ((FileDataSource) part.getDataSource()).getFile();
        if (file.length() > BodyWatch.MAX_FIELD_BYTES) {
            throw ProblemException.ofField(
                    413, field, "has more than " + BodyWatch.MAX_FIELD_BYTES + " bytes; a text field is shorter");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file.toPath())))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    400, field + ": is not UTF-8", List.of(new FieldError(field, "is not UTF-8")), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a name is one that Camel gives meaning to. */
    private static boolean isCamels(String field) {
        return field.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
