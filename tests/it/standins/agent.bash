# Read by the shell of a script before it begins: time is what the stand-ins and the sleeps of the script took.
sleep() {
  command sleep "$@"
  SECONDS=$(<"$FAKE/clock")
}
