#include "client/command.h"

int main(int count, char **arguments)
{
	return (int)command_dispatch(count - 1, arguments + 1);
}
