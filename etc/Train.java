import module io.netloop;

// Runs once after a build: what Java loads here comes out of the AOT cache whenever ./netloop runs a source file.
void main() {
  IO.println("trained");
}
