import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/** Speaks MongoDB's wire protocol on loopback and stores its data in one file. Arguments: the file and the port. */
public class DocumentServer {
  /** The least version that current drivers accept; the library announces an older one although it answers them. */
  private static final int WIRE_VERSION = 13;

  public static void main(String[] arguments) {
    var documents = new H2Backend(arguments[0]);
    documents.version(new MongoVersion() {
      @Override
      public List<Integer> getVersionArray() {
        return List.of(5, 0, 0);
      }

      @Override
      public int getWireVersion() {
        return WIRE_VERSION;
      }
    });
    var server = new MongoServer(documents);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
    System.out.println("listening");
  }
}
