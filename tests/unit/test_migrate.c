#include "support/testmain.h"
int main(void){return 0;}
