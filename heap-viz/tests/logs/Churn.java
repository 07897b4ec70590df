import java.util.ArrayList;
import java.util.List;

/** Allocates some 40 MB, and keeps a little of it for a while. */
public class Churn {
    public static void main(String[] arguments) {
        List<int[][]> kept = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int[][] arrays = new int[2000][];
            for (int j = 0; j < arrays.length; j++) arrays[j] = new int[20];
            if (i % 4 == 0) kept.add(arrays);
            if (kept.size() > 10) kept.remove(0);
        }
        System.gc();
    }
}
