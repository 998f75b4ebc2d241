// gmtime, mktime, strftime, strptime, with zones given by TZ.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void tell(time_t t) {
    char text[200];
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %b %j %U %V %u %p %I %y %C %e %G %s", &tm);
    puts(text);
    localtime_r(&t, &tm);
    strftime(text, sizeof text, "%c %Z %z", &tm);
    printf("%s %d\n", text, mktime(&tm) == t);
}

int main(void) {
    const time_t v[] = {0, 1, -1, 951827696, 1700000000, 2147483648, 4102444800, -2208988800, 253402300800};
    const char *zones[] = {"UTC0", "EST5EDT", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45"};
    for (int z = 0; z < 4; z++) {
        setenv("TZ", zones[z], 1);
        tzset();
        printf("%s %s %s %ld %d\n", zones[z], tzname[0], tzname[1], timezone, daylight);
        for (int i = 0; i < 9; i++) tell(v[i]);
    }
    setenv("TZ", "UTC0", 1);
    struct tm tm = {.tm_year = 124, .tm_mon = 13, .tm_mday = 35, .tm_hour = -5, .tm_min = 90};
    printf("%ld %s", (long)mktime(&tm), asctime(&tm));
    memset(&tm, 0, sizeof tm);
    const char *rest = strptime("2023-11-14 22:13:20 tail", "%Y-%m-%d %T", &tm);
    printf("%ld [%s]\n", (long)timegm(&tm), rest);
    printf("%d %g\n", strptime("bad", "%Y", &tm) == NULL, difftime(10, 4));
}
